import Testing

@testable import Datasets

struct DataSplitTests {
  @Test(arguments: [2, 4, 5, 6, 99, 1_000])
  func `every sample is either a training or a test sample`(count: Int) throws {
    let dataset = dataset(labels: (0..<count).map { $0 % 3 })
    for seed in 0..<20 {
      let split = try DataSplit(dataset, seed: UInt64(seed))
      #expect(split.testIndices.count == (count + 4) / 5)
      #expect((split.testIndices + split.trainIndices).sorted() == Array(0..<count))
      #expect(split.testIndices == split.testIndices.sorted())
      #expect(split.trainIndices == split.trainIndices.sorted())
    }
  }

  @Test func `every sample is equally likely to be a test sample`() throws {
    let dataset = dataset(labels: (0..<20).map { $0 % 2 })
    var timesForTesting = [Int](repeating: 0, count: 20)
    for seed in 0..<1_000 {
      for index in try DataSplit(dataset, seed: UInt64(seed)).testIndices {
        timesForTesting[index] += 1
      }
    }
    #expect(timesForTesting.allSatisfy { abs($0 - 200) < 64 }, "five standard deviations")
  }

  @Test func `a split is a function of the seed`() throws {
    let dataset = dataset(labels: (0..<100).map { $0 % 4 })
    func split(_ seed: UInt64) throws -> DataSplit {
      try DataSplit(dataset, trainSamples: 30, testSamples: 7, seed: seed)
    }
    #expect(try split(1) == split(1))
    #expect(try split(1) != split(2))
  }

  @Test func `the validation part is a tenth of the train part only`() throws {
    let split = try DataSplit(dataset(labels: (0..<100).map { $0 % 4 }), seed: 3)
    let validation = split.validationPart(seed: 3)
    #expect(validation.count == 8)
    #expect(Set(validation).isSubset(of: split.trainIndices))
    #expect(split.validationPart(seed: 4) != validation)
    let held = split.testingOnValidation(seed: 3)
    #expect(held.testIndices == validation.sorted())
    #expect((held.testIndices + held.trainIndices).sorted() == split.trainIndices)
  }

  @Test(arguments: [1, 9, 10, 11, 25, 100, 177])
  func `a subset has equally many samples of each class, plus or minus one`(size: Int) throws {
    let dataset = dataset(labels: (0..<1_000).map { $0 % 10 })
    for seed in 0..<20 {
      let whole = try DataSplit(dataset, seed: UInt64(seed))
      let split = try DataSplit(
        dataset, trainSamples: 3 * size, testSamples: min(size, 50), seed: UInt64(seed))
      expectBalanced(split.trainIndices, 3 * size, within: whole.trainIndices)
      expectBalanced(split.testIndices, min(size, 50), within: whole.testIndices)
    }

    func expectBalanced(_ subset: [Int], _ size: Int, within whole: [Int]) {
      let counts = dataset.classCounts(of: subset)
      #expect(subset.count == size)
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
      #expect(Set(subset).isSubset(of: whole))
      #expect(subset == Set(subset).sorted())
    }
  }

  @Test func `the size of one subset does not change the other`() throws {
    let dataset = dataset(labels: (0..<500).map { $0 % 5 })
    let split = try DataSplit(dataset, trainSamples: 50, testSamples: 20, seed: 3)
    #expect(try DataSplit(dataset, trainSamples: 50, seed: 3).trainIndices == split.trainIndices)
    #expect(
      try DataSplit(dataset, trainSamples: 60, testSamples: 20, seed: 3).testIndices
        == split.testIndices)
  }

  @Test func `every class may have one of the extra samples`() throws {
    let dataset = dataset(labels: (0..<200).map { $0 % 4 })
    var labels = Set<Int32>()
    for seed in 0..<60 {
      let split = try DataSplit(dataset, trainSamples: 1, seed: UInt64(seed))
      labels.formUnion(split.trainIndices.map { dataset.labels[$0] })
    }
    #expect(labels.count == 4)
  }

  @Test func `the largest subset named in the message is accepted, and no larger one`() throws {
    let dataset = dataset(labels: (0..<300).map { min($0 % 12, 2) })
    for seed in 0..<20 {
      let seed = UInt64(seed)
      let counts = dataset.classCounts(of: try DataSplit(dataset, seed: seed).trainIndices)
      let least = counts.min() ?? 0
      let scarcest = counts.firstIndex(of: least) ?? 0
      let largest = 3 * least + counts.count { $0 > least }
      let split = try DataSplit(dataset, trainSamples: largest, seed: seed)
      #expect(split.trainIndices.count == largest)
      let sentence =
        "`data.train_samples` is \(largest + 1), but the class class \(scarcest) has only \(least) "
        + "train samples; give at most \(largest), or omit it to use all."
      #expect(throws: DatasetError(sentence)) {
        try DataSplit(dataset, trainSamples: largest + 1, seed: seed)
      }
    }
  }

  @Test func `zero samples, or more than exist, are rejected`() throws {
    let dataset = dataset(labels: (0..<100).map { $0 % 4 })
    #expect(
      throws: DatasetError(
        "`data.test_samples` is 21, but drawn has 20 test samples; "
          + "give at most that, or omit it to use all.")
    ) { try DataSplit(dataset, testSamples: 21, seed: 0) }
    #expect(
      throws: DatasetError(
        "`data.train_samples` is 0; give a positive number, or omit it.")
    ) { try DataSplit(dataset, trainSamples: 0, seed: 0) }
    #expect(
      throws: DatasetError(
        "The data set drawn has fewer than two images, too few for a train and a test set; "
          + "add some.")
    ) { try DataSplit(self.dataset(labels: [0]), seed: 0) }
  }

  /// Images of one black pixel.
  private func dataset(labels: [Int]) -> ImageDataset {
    ImageDataset(
      name: "drawn", classNames: (0...(labels.max() ?? 0)).map { "class \($0)" }, height: 1,
      width: 1, channels: 1, pixels: labels.map { _ in 0 }, labels: labels.map(Int32.init),
      partCounts: [labels.count], sourceFiles: [])
  }
}
