import Foundation
import Testing

@testable import Datasets

struct ResampledShardsTests {
  /// Ten classes of 30 samples.
  private let labels = (0..<300).map { Int32($0 % 10) }

  private func shards(_ partition: Partition, seed: UInt64 = 3) throws -> ResampledShards {
    try #require(
      try partition.drawn(
        trainIndices: Array(0..<300), labels: labels, classCount: 10, seed: seed))
  }

  @Test func `there may be more clients than samples, and a client depends only on its number`()
    throws
  {
    let partition = Partition.resample(samples: 40, sigma: 0.5, beta: 0.3)
    let shards = try shards(partition)
    for client in [0, 7, 999_999_999] {
      let samples = shards.samples(of: client)
      #expect(samples == (try self.shards(partition).samples(of: client)))
      #expect(samples.count == shards.count(of: client))
      #expect(samples.allSatisfy { (0..<300).contains($0) } && samples == samples.sorted())
      #expect(samples != (try self.shards(partition, seed: 4).samples(of: client)))
    }
    #expect(shards.samples(of: 7) != shards.samples(of: 999_999_999))
  }

  @Test func `sample counts are lognormal`() throws {
    let shards = try self.shards(.resample(samples: 100, sigma: 0.8, beta: nil))
    let counts = (0..<4000).map { log(Double(shards.count(of: $0)) / 100) }
    let mean = counts.reduce(0, +) / 4000
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    #expect(abs(mean) < 4 * 0.8 / 4000.0.squareRoot())
    #expect(abs(variance.squareRoot() - 0.8) < 0.04)
    #expect(try self.shards(.resample(samples: 9, sigma: 0, beta: nil)).count(of: 5) == 9)
  }

  @Test func `a small beta gives each client few classes`() throws {
    func largestShare(_ beta: Double?) throws -> Double {
      let shards = try self.shards(.resample(samples: 200, sigma: 0, beta: beta))
      let shares = (0..<200).map { client in
        let classes = Dictionary(grouping: shards.samples(of: client)) { labels[$0] }
        return Double(classes.values.map(\.count).max()!) / 200
      }
      return shares.reduce(0, +) / 200
    }
    #expect(try largestShare(0.05) > 0.7)
    #expect(try largestShare(nil) < 0.2)
    // Over all clients, every class is drawn equally often.
    let shards = try self.shards(.resample(samples: 50, sigma: 0, beta: 0.1))
    let all = (0..<2000).flatMap { shards.samples(of: $0) }
    for label in 0..<10 as Range<Int32> {
      let share = Double(all.count { labels[$0] == label }) / Double(all.count)
      #expect(abs(share - 0.1) < 0.025)
    }
  }

  @Test func `the partition consists of its clients' draws`() throws {
    let partition = Partition.resample(samples: 5, sigma: 0.2, beta: 1)
    let assigned = try partition.assign(
      trainIndices: Array(0..<300), labels: labels, classCount: 10, clients: 400, seed: 3)
    let drawn = try shards(partition)
    #expect(assigned == (0..<400).map(drawn.samples))
    let written = try JSONDecoder().decode(
      Partition.self, from: JSONEncoder().encode(partition))
    #expect(written == partition)
  }

  @Test(arguments: [
    (Partition.resample(samples: 0, sigma: 0, beta: nil), "samples"),
    (.resample(samples: 1, sigma: -1, beta: nil), "sigma"),
    (.resample(samples: 1, sigma: 0, beta: 0), "beta"),
  ])
  func `numbers out of range are rejected by name`(partition: Partition, key: String) {
    let error = #expect(throws: DatasetError.self) {
      try partition.drawn(
        trainIndices: Array(0..<300), labels: labels, classCount: 10, seed: 3)
    }
    #expect("\(String(describing: error))".contains("`\(key)`"))
  }
}
