import BaseModels
import Coordination
import EventSimulation
import Federation
import Foundation
import Tensors

@testable import Adaptation
@testable import FederatedSimulation

/// All kinds of coordinators and algorithms whose state a checkpoint may contain.
enum SimulationKinds {
  /// Whether a checkpoint's states belong to a coordinator and an algorithm.
  static func areOfSomeKind(_ checkpoint: Simulation.Checkpoint) -> Bool {
    func isOf(_ part: some Codable, _ state: ComponentState) -> Bool {
      var state = state
      return (try? state.recognize(like: part)) != nil
    }
    // All are tried, in order to find crashes.
    let known = coordinators.filter { isOf($0, checkpoint.coordinator) }
    return !algorithms.filter { isOf($0, checkpoint.algorithm) }.isEmpty && !known.isEmpty
  }

  private static let coordinators: [any Coordinator] = [
    RoundCoordinator(
      .init(
        selected: 1, awaited: nil, deadline: nil, endsAtDeadline: false, keepsLateUpdates: false,
        retryAfter: .seconds(1))),
    BufferedCoordinator(
      .init(concurrency: 1, buffer: 1, mostStale: nil, retryAfter: .seconds(1))),
  ]

  private static let algorithms: [any FederatedAlgorithm] =
    [
      FederatedAveraging(parameters: [], count: 1, AggregationStrategy()),
      FedProx(mu: 1, FederatedAveraging(parameters: [], count: 1, AggregationStrategy())),
      Scaffold(parameters: [], count: 1, clients: 1, clientLearningRate: 1),
      FedBuff(parameters: [], count: 1), FedAsync(parameters: [], count: 1),
      PartialSharing(
        FederatedAveraging(parameters: [], count: 1, AggregationStrategy()),
        PersonalParts(in: ParameterLayout()) { _ in true }, initial: []),
    ] + rules

  private static let rules: [any FederatedAlgorithm] = {
    guard let model = try? BaseModel("nano", relativeTo: URL(filePath: "/")).model else {
      preconditionFailure("the bundled base can be read")
    }
    let lora = LoRAMethod(
      model.configuration, tower: .text, modules: [.output], rank: 1, alpha: 1)
    return LoRARule.allCases.map { $0.algorithm(LoRAStart(lora, of: model, seed: 0)) }
  }()
}
