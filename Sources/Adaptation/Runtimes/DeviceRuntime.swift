/// The kind of program that executes training steps on a device, which determines its memory.
public enum DeviceRuntime: String, Codable, Sendable, CaseIterable {
  /// PyTorch on a CPU in eager mode, with transformers' `eager` attention.
  case pytorch
  /// PyTorch with `torch.nn.functional.scaled_dot_product_attention`.
  case pytorchSDPA = "pytorch-sdpa"
  /// A program with ahead-of-time memory planning: fused activations and attention, in-place
  /// results where operands are no longer needed, and buffers freed after their last use.
  case planned
  /// This package's own training engine, traced.
  case engine

  /// The default runtime for a plan: published code for the plan that it executes, and the engine
  /// for the plan that only the engine executes.
  package static func standard(for plan: ExecutionPlan) -> DeviceRuntime {
    plan == .reference ? .pytorch : .engine
  }

  /// The runtime's memory rules; nil if it is traced.
  var rules: RuntimeRules? {
    switch self {
    case .pytorch: .pytorch
    case .pytorchSDPA: .pytorchSDPA
    case .planned: .planned
    case .engine: nil
    }
  }
}
