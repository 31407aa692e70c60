import Randomness

@testable import Datasets

/// Random labels; about two thirds of the samples are training samples.
struct SampleData {
  let labels: [Int32]
  let classCount: Int
  var trainIndices: [Int]

  /// `count` training samples and half as many others.
  init(count: Int, classCount: Int, seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), purpose: "labels of a test")
    labels = (0..<(count * 3 / 2)).map { _ in Int32(stream.integer(below: classCount)) }
    trainIndices = stream.sample(count, from: labels.count)
    self.classCount = classCount
  }

  /// All samples are training samples, and class `c` has `counts[c]` of them.
  init(classCounts counts: [Int]) {
    labels = counts.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1) }
    classCount = counts.count
    trainIndices = Array(labels.indices)
  }

  func assign(
    _ partition: Partition, clients: Int, seed: Int
  ) throws(DatasetError) -> [[Int]] {
    try partition.assign(
      trainIndices: trainIndices, labels: labels, classCount: classCount, clients: clients,
      seed: UInt64(seed))
  }

  /// The number of samples of each class: [classCount].
  func classCounts(_ samples: [Int]) -> [Int] {
    samples.reduce(into: [Int](repeating: 0, count: classCount)) { $0[Int(labels[$1])] += 1 }
  }
}
