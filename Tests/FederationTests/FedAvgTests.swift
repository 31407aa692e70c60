import Foundation
import Randomness
import Testing

@testable import Federation

struct FedAvgTests {
  @Test func `the next version is the mean of the clients' models, weighted by their samples`()
    throws
  {
    var random = RandomStream(seed: 4, purpose: "updates")
    let version = (0..<33).map { _ in Float(random.normal()) }
    let clients = (0..<5).map { client in
      (samples: 1 + random.integer(below: 400), delta: version.map { _ in Float(random.normal()) })
    }
    var strategy: any AggregationStrategy = FedAvg()
    for (id, client) in clients.enumerated() {
      try strategy.accumulate(update(id, client.samples, client.delta))
    }
    let next = strategy.finish(version)

    let total = Double(clients.reduce(0) { $0 + $1.samples })
    for index in version.indices {
      let mean = clients.reduce(0.0) {
        $0 + Double($1.samples) / total * Double(version[index] + $1.delta[index])
      }
      #expect(abs(Double(next[index]) - mean) < 1e-5)
    }
  }

  @Test func `equal updates are kept, whatever the weights`() throws {
    var strategy = FedAvg()
    for samples in [1, 7, 300] { try strategy.accumulate(update(0, samples, [2, -4])) }
    #expect(strategy.finish([1, 1]) == [3, -3])
  }

  @Test func `a round without updates keeps the version, and the next starts anew`() throws {
    var strategy = FedAvg()
    #expect(strategy.finish([1, 2]) == [1, 2])
    try strategy.accumulate(update(0, 10, [1, 1]))
    #expect(strategy.finish([1, 2]) == [2, 3])
    #expect(strategy.finish([2, 3]) == [2, 3])
  }

  @Test func `a strategy goes on from where it was written down`() throws {
    var strategy = FedAvg()
    try strategy.accumulate(update(0, 3, [1, 5]))
    var copy = try JSONDecoder().decode(FedAvg.self, from: JSONEncoder().encode(strategy))
    try strategy.accumulate(update(1, 1, [9, 1]))
    try copy.accumulate(update(1, 1, [9, 1]))
    #expect(strategy.finish([0, 0]) == copy.finish([0, 0]))
  }

  private func update(_ client: Int, _ samples: Int, _ delta: [Float]) -> ClientUpdate {
    ClientUpdate(
      client: client, baseVersion: 0, exampleCount: samples, payload: PayloadCodec().encode(delta))
  }
}
