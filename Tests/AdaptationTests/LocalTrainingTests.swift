import Testing

@testable import Adaptation

/// Batching of a client's samples.
struct LocalTrainingTests {
  private let samples = Array(100..<123)

  @Test(arguments: [1, 5, 23, 128])
  func `the batches of an epoch are a permutation of the samples, the last one shorter`(size: Int) {
    let batches = batches(size: size)
    #expect(batches.flatMap { $0 }.sorted() == samples)
    #expect(batches.dropLast().allSatisfy { $0.count == size })
    #expect(batches.last?.count == (23 % size == 0 ? size : 23 % size))
    #expect(batches.flatMap { $0 } != samples)
  }

  @Test func `each round, client and seed has its own reproducible order`() {
    let orders = [
      batches(), batches(round: 2), batches(client: 2), batches(seed: 2),
    ]
    #expect(Set(orders).count == 4)
    #expect(batches() == orders[0])
  }

  @Test func `every epoch visits all samples in its own order`() {
    let batches = batches(size: 10, epochs: 2)
    #expect(batches.map(\.count) == [10, 10, 3, 10, 10, 3])
    #expect(batches[..<3].flatMap { $0 }.sorted() == samples)
    #expect(batches[3...].flatMap { $0 }.sorted() == samples)
    #expect(batches[..<3] != batches[3...])
    #expect(Array(batches[..<3]) == self.batches(size: 10))
  }

  @Test func `a client without samples has no batches`() {
    #expect(LocalTraining().batches(of: [], client: 1, round: 1, seed: 1).isEmpty)
  }

  private func batches(
    size: Int = 5, epochs: Int = 1, client: Int = 1, round: Int = 1, seed: UInt64 = 1
  ) -> [[Int]] {
    LocalTraining(batchSize: size, localEpochs: epochs)
      .batches(of: samples, client: client, round: round, seed: seed)
  }
}
