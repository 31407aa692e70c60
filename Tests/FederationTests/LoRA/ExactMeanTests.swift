import Adaptation
import TestSupport
import Testing

@testable import Federation

/// Rules compared with the dense mean of the clients' weight changes.
struct ExactMeanTests {
  @Test(arguments: [LoRARule.ffa, .rolora, .stacking, .fedex, .fedSB])
  func `the next version is the exact mean of the clients' products`(rule: LoRARule) throws {
    var federation = try LoRAFederation(rule)
    for round in 1...4 {
      let mean = federation.run(UInt64(round))
      #expect(relativeError(federation.versionChange.map(Float.init), mean) < 1e-5)
      #expect(federation.version.number == round)
    }
  }

  @Test func `a full-rank server keeps the exact mean of several ranks`() throws {
    let width = try Fixtures.clip("tiny").configuration.text.width
    var federation = try LoRAFederation(.flexlora, rank: width, ranks: [2, 1, 4])
    for round in 1...3 {
      let mean = federation.run(UInt64(round))
      #expect(relativeError(federation.versionChange.map(Float.init), mean) < 1e-5)
    }
  }

  @Test(arguments: [LoRARule.average, .fedex, .dylora, .loraFAIR])
  func `the bias is the norm of the error of the product of means`(rule: LoRARule) throws {
    var federation = try LoRAFederation(rule)
    for round in 1...2 {
      let merged = federation.version.merged
      let mean = federation.run(UInt64(round))
      let lora = federation.algorithm.lora
      let product = naiveProduct(
        federation.version.parameters, lora.shape, rank: lora.size.rank,
        scale: lora.shape.scale(lora.size))
      let rest = mean.indices.map {
        mean[$0] - product[$0] - (merged.isEmpty ? 0 : Double(merged[$0]))
      }
      let norm = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let bias = try #require(federation.algorithm.bias)
      #expect(norm > 0.1)
      #expect(abs(bias - norm) < 1e-5 * norm)
    }
  }

  @Test func `averaging equals plain federated averaging of each factor`() throws {
    var federation = try LoRAFederation(.average)
    var plain = AggregationStrategy()
    let start = federation.version.parameters
    #expect(start == federation.lora.initialParameters(of: federation.model, seed: 5))
    for (client, change) in zip(federation.clients, federation.changes(1)) {
      plain.accumulate(change, weight: client.weight)
    }
    _ = federation.run(1)
    #expect(federation.version.parameters == plain.finish(start))
  }

  @Test(arguments: LoRARule.allCases)
  func `a round without updates only changes the version number`(rule: LoRARule) throws {
    var federation = try LoRAFederation(rule)
    _ = federation.run(1)
    let before = federation.version
    let size = federation.algorithm.lora.size
    let factors = federation.algorithm.factors(of: before, size)
    federation.algorithm.makeVersion()
    let after = federation.version
    #expect(after.number == 2)
    #expect(after.parameters == before.parameters)
    #expect(federation.algorithm.factors(of: after, size) == factors)
    #expect(after.merged == before.merged)
  }
}
