/// The kind of program that runs a device's training steps, which decides what it holds in memory.
public enum DeviceRuntime: String, Codable, Sendable, CaseIterable {
  /// PyTorch on a CPU, operation by operation, with transformers' `eager` attention.
  case pytorch
  /// The same with `torch.nn.functional.scaled_dot_product_attention`.
  case pytorchSDPA = "pytorch-sdpa"
  /// A program whose memory is planned before it runs: fused activations and attention, results
  /// written over operands that are not needed again, nothing held beyond its last use.
  case planned
  /// This package's own training engine, traced.
  case engine

  /// What prices a plan where a scenario names no runtime: published code for the plan that it runs,
  /// and the engine for the one that only the engine runs.
  package static func standard(for plan: ExecutionPlan) -> DeviceRuntime {
    plan == .reference ? .pytorch : .engine
  }

  /// The rules of its memory; nil where it is traced.
  var rules: RuntimeRules? {
    switch self {
    case .pytorch: .pytorch
    case .pytorchSDPA: .pytorchSDPA
    case .planned: .planned
    case .engine: nil
    }
  }
}
