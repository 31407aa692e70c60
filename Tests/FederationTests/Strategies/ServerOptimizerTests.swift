import Foundation
import Testing

@testable import Federation

/// A server optimizer compared with its formula for one coordinate.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let optimizer: ServerOptimizer
  /// The state m, v; the change; the step.
  let twin: @Sendable (inout (m: Double, v: Double), Double) -> Double
  let start: (m: Double, v: Double)

  static let all = [
    OptimizerCase(
      testDescription: "FedAvgM", optimizer: .fedAvgM(FedAvgM(learningRate: 0.2, momentum: 0.8)),
      twin: { state, change in
        state.m = 0.8 * state.m + change
        return 0.2 * state.m
      }, start: (0, 0)),
    OptimizerCase(
      testDescription: "FedAdagrad",
      optimizer: .fedAdagrad(FedAdagrad(learningRate: 0.5, beta1: 0.3, tau: 0.1)),
      twin: { state, change in
        state.m = 0.3 * state.m + 0.7 * change
        state.v += change * change
        return 0.5 * state.m / (sqrt(state.v) + 0.1)
      }, start: (0, 0.01)),
    OptimizerCase(
      testDescription: "FedAdam",
      optimizer: .fedAdam(FedAdam(learningRate: 0.1, beta1: 0.6, beta2: 0.9, tau: 0.1)),
      twin: { state, change in
        state.m = 0.6 * state.m + 0.4 * change
        state.v = 0.9 * state.v + 0.1 * change * change
        return 0.1 * state.m / (sqrt(state.v) + 0.1)
      }, start: (0, 0.01)),
    OptimizerCase(
      testDescription: "FedYogi",
      optimizer: .fedYogi(FedYogi(learningRate: 0.1, beta1: 0.6, beta2: 0.9, tau: 0.1)),
      twin: { state, change in
        let square = change * change
        let sign: Double = state.v > square ? 1 : state.v < square ? -1 : 0
        state.m = 0.6 * state.m + 0.4 * change
        state.v -= 0.1 * square * sign
        return 0.1 * state.m / (sqrt(state.v) + 0.1)
      }, start: (0, 0.01)),
  ]
}

struct ServerOptimizerTests {
  /// Clients with f_k = (x - c_k)^2 / 2 that take one step of 0.5 each.
  private static let optima: [[Float]] = [[1, -2], [3, 0.5]]
  private static let weights = [3.0, 1.0]
  /// The minimum of the weighted mean of the f_k.
  private static let optimum: [Float] = [1.5, -1.375]

  private static func change(of client: Int, from version: [Float]) -> [Float] {
    zip(version, optima[client]).map { 0.5 * ($1 - $0) }
  }

  private static func round(_ strategy: inout AggregationStrategy, _ version: [Float]) -> [Float] {
    for client in optima.indices {
      strategy.accumulate(change(of: client, from: version), weight: weights[client])
    }
    return strategy.finish(version)
  }

  @Test(arguments: OptimizerCase.all)
  func `steps match the formula`(optimizer: OptimizerCase) {
    var strategy = AggregationStrategy(optimizer.optimizer)
    var version: [Float] = [5, 4]
    var twins = version.map { (x: Double($0), state: optimizer.start) }
    for _ in 0..<25 {
      version = Self.round(&strategy, version)
      for index in twins.indices {
        let change = 0.5 * (Double(Self.optimum[index]) - twins[index].x)
        twins[index].x += optimizer.twin(&twins[index].state, change)
        #expect(abs(Double(version[index]) - twins[index].x) < 2e-5)
      }
    }
  }

  @Test(arguments: OptimizerCase.all)
  func `a quadratic's minimum is found`(optimizer: OptimizerCase) {
    var strategy = AggregationStrategy(optimizer.optimizer)
    var version: [Float] = [5, 4]
    for _ in 0..<400 { version = Self.round(&strategy, version) }
    for (found, known) in zip(version, Self.optimum) { #expect(abs(found - known) < 1e-3) }
  }

  @Test(arguments: OptimizerCase.all)
  func `a saved strategy continues where it stopped`(optimizer: OptimizerCase) throws {
    var strategy = AggregationStrategy(optimizer.optimizer)
    var version = Self.round(&strategy, [5, 4])
    version = Self.round(&strategy, version)
    strategy.accumulate([1, 5], weight: 3)
    var copy = try JSONDecoder().decode(
      AggregationStrategy.self, from: JSONEncoder().encode(strategy))
    for _ in 0..<3 {
      let next = Self.round(&strategy, version)
      #expect(next == Self.round(&copy, version))
      version = next
    }
  }

  @Test func `an adaptive optimizer's second moment starts at tau squared`() {
    // v = 0.75 * 4 + 0.25 * 16 = 7; m = 0.5 * 4 = 2.
    var adam = FedAdam(learningRate: 1, beta1: 0.5, beta2: 0.75, tau: 2)
    #expect(adam.step([0], along: [4])[0] == 2 / (Float(7).squareRoot() + 2))
    // v = 4 + 16.
    var adagrad = FedAdagrad(learningRate: 1, tau: 2)
    #expect(adagrad.step([0], along: [4])[0] == 4 / (Float(20).squareRoot() + 2))
    // v = 4 - 0.25 * 16 * sign(4 - 16) = 8.
    var yogi = FedYogi(learningRate: 1, beta1: 0.5, beta2: 0.75, tau: 2)
    #expect(yogi.step([0], along: [4])[0] == 2 / (Float(8).squareRoot() + 2))
  }
}
