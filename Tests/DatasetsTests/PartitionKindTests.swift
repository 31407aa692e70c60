import Testing

@testable import Datasets

/// The specific guarantees of each kind of partition.
struct PartitionKindTests {
  @Test(arguments: [1, 3, 7, 100, 999, 1_000])
  func `iid shares differ in size by at most one and cover all samples`(clients: Int) throws {
    for seed in 0..<10 {
      let data = SampleData(count: 1_000, classCount: 5, seed: seed)
      let shards = try data.assign(.iid, clients: clients, seed: seed)
      let sizes = shards.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      #expect(shards.flatMap(\.self).sorted() == data.trainIndices.sorted())
    }
  }

  @Test(arguments: [1e-9, 0.01, 0.1, 1, 1e9], [1, 2, 10, 200])
  func `a dirichlet partition covers all samples and leaves no client empty`(
    beta: Double, clients: Int
  ) throws {
    for seed in 0..<2 {
      let data = SampleData(count: 500, classCount: 10, seed: seed)
      let shards = try data.assign(.dirichlet(beta: beta), clients: clients, seed: seed)
      #expect(shards.allSatisfy { !$0.isEmpty })
      #expect(shards.flatMap(\.self).sorted() == data.trainIndices.sorted())
    }
  }

  @Test func `with smaller beta, fewer clients hold most of a class`() throws {
    let data = SampleData(count: 1_000, classCount: 10, seed: 0)
    let shares = try [0.01, 0.1, 1, 100].map { beta in
      let shards = try (0..<10).flatMap {
        try data.assign(.dirichlet(beta: beta), clients: 10, seed: $0)
      }
      return shards.reduce(0) { $0 + (data.classCounts($1).max() ?? 0) }
    }
    #expect(shares == shares.sorted(by: >))
  }

  /// The largest of ten Dirichlet(1) shares is (1 + 1/2 + ... + 1/10) / 10 on average.
  @Test func `dirichlet shares have the mean of their distribution`() throws {
    let data = SampleData(classCounts: [2_000])
    var largest = 0
    for seed in 0..<200 {
      let shards = try data.assign(.dirichlet(beta: 1), clients: 10, seed: seed)
      largest += shards.map(\.count).max() ?? 0
    }
    #expect(abs(Double(largest) / 4e5 - 0.2929) < 0.03)
  }

  @Test(arguments: 1...10, [1, 2, 5, 10, 37])
  func `a pathological client has exactly its number of classes`(
    classesPerClient: Int, clients: Int
  ) throws {
    for seed in 0..<10 {
      let data = SampleData(count: 1_000, classCount: 10, seed: seed)
      let shards = try data.assign(
        .pathological(classesPerClient: classesPerClient), clients: clients, seed: seed)
      let counts = shards.map(data.classCounts)
      #expect(counts.allSatisfy { $0.count { $0 > 0 } == classesPerClient })
      expectEvenShares(counts, data)
    }
  }

  /// Every class has the same number of holders, plus or minus one, who hold all its samples
  /// in shares that differ by at most one.
  private func expectEvenShares(_ counts: [[Int]], _ data: SampleData) {
    let available = data.classCounts(data.trainIndices)
    let shares = (0..<data.classCount).map { label in counts.map { $0[label] }.filter { $0 > 0 } }
    let holders = shares.map(\.count)
    #expect((holders.max() ?? 0) - (holders.min() ?? 0) <= 1)
    for (shares, available) in zip(shares, available) where !shares.isEmpty {
      #expect(shares.reduce(0, +) == available)
      #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1)
    }
  }

  @Test func `samples of classes that no pathological client holds are omitted`() throws {
    let data = SampleData(classCounts: [Int](repeating: 30, count: 10))
    let shards = try data.assign(.pathological(classesPerClient: 2), clients: 3, seed: 5)
    #expect(shards.map(\.count) == [60, 60, 60])
    let held = Set(shards.joined().map { data.labels[$0] })
    #expect(held.count == 6)
  }

  @Test func `a pathological client reaches its number of classes despite scarce ones`() throws {
    let data = SampleData(classCounts: [1, 40, 1, 0, 3])
    for seed in 0..<50 {
      let two = try data.assign(.pathological(classesPerClient: 2), clients: 5, seed: seed)
      #expect(two.map(data.classCounts).allSatisfy { $0.count { $0 > 0 } == 2 })
      #expect(two.joined().count == 45)
    }
    let sentence =
      "There are too few train samples for 6 clients of 2 classes each; "
      + "use fewer clients, fewer `classes_per_client` or more samples."
    #expect(throws: DatasetError(sentence)) {
      try data.assign(.pathological(classesPerClient: 2), clients: 6, seed: 0)
    }
  }

  @Test func `more classes per client than exist are rejected`() {
    let data = SampleData(classCounts: [5, 5, 0])
    let sentence =
      "`classes_per_client` is 3, but the train samples have 2 classes; give at most that."
    #expect(throws: DatasetError(sentence)) {
      try data.assign(.pathological(classesPerClient: 3), clients: 2, seed: 0)
    }
  }

  @Test(arguments: [1, 4, 16], [1, 3, 10])
  func `a few-shot client has equally many samples of every class`(shots: Int, clients: Int) throws
  {
    for seed in 0..<10 {
      let data = SampleData(count: 3_000, classCount: 10, seed: seed)
      let shards = try data.assign(.fewShot(shots: shots), clients: clients, seed: seed)
      let expected = [Int](repeating: shots, count: 10)
      #expect(shards.allSatisfy { data.classCounts($0) == expected })
    }
  }

  @Test func `an additional few-shot client does not change the samples of the others`() throws {
    let data = SampleData(count: 2_000, classCount: 10, seed: 0)
    let ten = try data.assign(.fewShot(shots: 4), clients: 10, seed: 6)
    let eleven = try data.assign(.fewShot(shots: 4), clients: 11, seed: 6)
    #expect(eleven.dropLast() == ten[...])
  }

  @Test(arguments: [
    ([20, 11, 30], 4, "class 1 has only 11 train samples for 3 clients; give at most 3."),
    (
      [20, 2, 30], 1,
      "class 1 has only 2 train samples for 3 clients; "
        + "use at most 2 clients, or more train samples."
    ),
    ([20, 9, 0], 1, "class 2 has only 0 train samples for 3 clients; use more of them."),
  ])
  func `too few samples per class for few-shot clients are rejected`(
    classCounts: [Int], shots: Int, fault: String
  ) throws {
    let data = SampleData(classCounts: classCounts)
    #expect(throws: DatasetError("`shots` is \(shots), but \(fault)")) {
      try data.assign(.fewShot(shots: shots), clients: 3, seed: 0)
    }
    if shots > 1 { _ = try data.assign(.fewShot(shots: shots - 1), clients: 3, seed: 0) }
  }
}
