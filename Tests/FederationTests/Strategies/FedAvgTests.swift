import Foundation
import Randomness
import Testing

@testable import Federation

struct FedAvgTests {
  @Test func `the next version is the mean of the clients' models, weighted by their samples`() {
    var random = RandomStream(seed: 4, purpose: "updates")
    let version = (0..<33).map { _ in Float(random.normal()) }
    let clients = (0..<5).map { client in
      (samples: 1 + random.integer(below: 400), delta: version.map { _ in Float(random.normal()) })
    }
    var strategy = AggregationStrategy()
    for client in clients { strategy.accumulate(client.delta, weight: Double(client.samples)) }
    let next = strategy.finish(version)

    let total = Double(clients.reduce(0) { $0 + $1.samples })
    for index in version.indices {
      let mean = clients.reduce(0.0) {
        $0 + Double($1.samples) / total * Double(version[index] + $1.delta[index])
      }
      #expect(abs(Double(next[index]) - mean) < 1e-5)
    }
  }

  @Test func `the sum is divided once, in single precision and in the order of arrival`() {
    let deltas: [[Float]] = [[0.1, -0.7], [0.3, 1e-7], [0.7, 3.3]]
    let samples: [Float] = [3, 17, 129]
    var strategy = AggregationStrategy()
    for (delta, samples) in zip(deltas, samples) {
      strategy.accumulate(delta, weight: Double(samples))
    }
    let share: Float = 1 / 149
    let version: [Float] = [0.2, 5]
    let expected = version.indices.map { index in
      let sum = samples[0] * deltas[0][index] + samples[1] * deltas[1][index]
      return version[index] + share * (sum + samples[2] * deltas[2][index])
    }
    #expect(strategy.finish(version) == expected)
  }

  @Test func `the mean of equal updates is that update, whatever the weights`() {
    var strategy = AggregationStrategy()
    for samples in [1.0, 7, 300] { strategy.accumulate([2, -4], weight: samples) }
    #expect(strategy.finish([1, 1]) == [3, -3])
  }

  @Test func `a round without updates keeps the version and resets the sum`() {
    var strategy = AggregationStrategy()
    #expect(strategy.finish([1, 2]) == [1, 2])
    strategy.accumulate([1, 1], weight: 10)
    #expect(strategy.finish([1, 2]) == [2, 3])
    #expect(strategy.finish([2, 3]) == [2, 3])
  }

  @Test func `one full-batch step per client equals a step of centralised gradient descent`() {
    // f = sum over samples of (x - sample)^2 / 2 divided by their number, the samples spread unevenly.
    let shards: [[Float]] = [[1, 2, 6], [-3], [4, 0.5, 2, 2.5, -1]]
    let samples = shards.flatMap { $0 }
    func gradient(_ x: Float, _ samples: [Float]) -> Float {
      samples.reduce(0) { $0 + (x - $1) } / Float(samples.count)
    }
    var strategy = AggregationStrategy()
    var federated: [Float] = [10]
    var central: Float = 10
    for _ in 0..<20 {
      for shard in shards {
        strategy.accumulate(
          [-0.3 * gradient(federated[0], shard)], weight: Double(shard.count))
      }
      federated = strategy.finish(federated)
      central -= 0.3 * gradient(central, samples)
      #expect(abs(federated[0] - central) < 4e-6)
    }
    #expect(abs(central - samples.reduce(0, +) / 9) < 0.01)
  }

  @Test func `the server learning rate scales the step`() {
    var strategy = AggregationStrategy(.fedAvg(FedAvg(learningRate: 0.5)))
    strategy.accumulate([2, -4], weight: 3)
    #expect(strategy.finish([1, 1]) == [2, -1])
  }
}
