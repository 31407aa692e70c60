import Testing

@testable import Datasets

/// The guarantees of every partition.
struct PartitionTests {
  static let partitions: [Partition] = [
    .iid, .dirichlet(beta: 0.01), .dirichlet(beta: 0.1), .dirichlet(beta: 1),
    .dirichlet(beta: 1_000), .pathological(classesPerClient: 1),
    .pathological(classesPerClient: 3), .fewShot(shots: 2),
  ]

  @Test(arguments: partitions, [1, 2, 7, 10, 60])
  func `no sample belongs to two clients and no client is empty`(
    partition: Partition, clients: Int
  ) throws {
    for seed in 0..<5 {
      let data = SampleData(count: 2_000, classCount: 10, seed: seed)
      let shards = try data.assign(partition, clients: clients, seed: seed)
      let given = shards.flatMap(\.self)
      #expect(shards.count == clients)
      #expect(shards.allSatisfy { !$0.isEmpty })
      #expect(Set(given).count == given.count)
      #expect(Set(given).isSubset(of: data.trainIndices))
      #expect(shards.allSatisfy { $0 == $0.sorted() })
    }
  }

  @Test(arguments: partitions)
  func `a partition is a function of the seed and the set of samples`(
    partition: Partition
  ) throws {
    let data = SampleData(count: 2_000, classCount: 10, seed: 4)
    var reversed = data
    reversed.trainIndices.reverse()
    let shards = try data.assign(partition, clients: 8, seed: 1)
    #expect(try data.assign(partition, clients: 8, seed: 1) == shards)
    #expect(try reversed.assign(partition, clients: 8, seed: 1) == shards)
    #expect(try data.assign(partition, clients: 8, seed: 2) != shards)
  }

  @Test(arguments: partitions)
  func `more clients than samples are rejected`(partition: Partition) {
    let data = SampleData(count: 50, classCount: 10, seed: 0)
    let sentence =
      "There are 51 clients for 50 train samples, and each needs one; "
      + "use fewer clients or more samples."
    #expect(throws: DatasetError(sentence)) { try data.assign(partition, clients: 51, seed: 0) }
    #expect(
      throws: DatasetError(
        "There are 0 clients to divide the data among; give at least 1.")
    ) { try data.assign(partition, clients: 0, seed: 0) }
  }

  static let outOfRange: [(Partition, String)] = [
    (
      .dirichlet(beta: 0),
      "`beta` of a dirichlet partition is 0.0; give a number from 1e-9 to 1e9, such as 0.1."
    ),
    (
      .dirichlet(beta: .nan),
      "`beta` of a dirichlet partition is nan; give a number from 1e-9 to 1e9, such as 0.1."
    ),
    (
      .pathological(classesPerClient: 0),
      "`classes_per_client` of a pathological partition is 0; give at least 1."
    ),
    (.fewShot(shots: -1), "`shots` of a few-shot partition is -1; give at least 1."),
  ]

  @Test(arguments: outOfRange)
  func `a number out of range is rejected`(partition: Partition, sentence: String) {
    let data = SampleData(count: 50, classCount: 10, seed: 0)
    #expect(throws: DatasetError(sentence)) { try data.assign(partition, clients: 2, seed: 0) }
  }
}
