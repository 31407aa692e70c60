/// The LoRA aggregation rules by their names in scenarios.
public enum LoRARule: String, Codable, Sendable, CaseIterable {
  case average, ffa, rolora, fedsa, stacking, fedex, flexlora, hetlora, dylora
  case fedSB = "fed-sb"
  case loraFAIR = "lora-fair"

  /// - Parameter mean: the aggregation of the mean change, if the rule supports a server optimizer.
  package func algorithm(
    _ start: LoRAStart, mean: AggregationStrategy = AggregationStrategy()
  ) -> any LoRAAlgorithm {
    precondition(
      takesServerOptimizer || mean == AggregationStrategy(),
      "\(rawValue) computes its own mean")
    return switch self {
    case .average: AveragedLoRA(start, mean)
    case .ffa: FFALoRA(start, mean)
    case .rolora: RoLoRA(start)
    case .fedsa: FedSA(start, mean)
    case .stacking: StackedLoRA(start)
    case .fedex: FedEx(start)
    case .flexlora: FlexLoRA(start)
    case .hetlora: HetLoRA(start)
    case .dylora: PaddedLoRA(start)
    case .fedSB: FedSB(start, mean)
    case .loraFAIR: LoRAFAIR(start)
    }
  }

  /// The requirements of the rule's algorithm.
  package var requirements: Requirements { type.requirements }

  /// Whether clients may have different ranks.
  public var takesAnyRank: Bool { type.takesAnyRank }

  /// Whether versions change the base's weights, so that devices must store them unquantised.
  public var addsToBase: Bool { type.addsToBase }

  /// Whether the rule supports a server optimizer, and privacy's clipping and noise.
  public var takesServerOptimizer: Bool { requirements.needs[.plainMean] == nil }

  /// Whether each client keeps its own parameters, so that there is no single model.
  public var hasPersonalModels: Bool { type.keepsClientState }

  private var type: any LoRAAlgorithm.Type {
    switch self {
    case .average: AveragedLoRA.self
    case .ffa: FFALoRA.self
    case .rolora: RoLoRA.self
    case .fedsa: FedSA.self
    case .stacking: StackedLoRA.self
    case .fedex: FedEx.self
    case .flexlora: FlexLoRA.self
    case .hetlora: HetLoRA.self
    case .dylora: PaddedLoRA.self
    case .fedSB: FedSB.self
    case .loraFAIR: LoRAFAIR.self
    }
  }
}
