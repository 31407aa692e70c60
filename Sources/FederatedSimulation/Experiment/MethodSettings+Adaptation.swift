import Adaptation
import CLIP
import Scenario

extension MethodSettings {
  /// The kind of the adapter that `start` names.
  var adapterKind: PEFTAdapter.Kind {
    switch kind {
    case .dora: .dora
    case .ia3: .ia3
    default: .lora
    }
  }

  /// Applies the method to a model of the given shape.
  ///
  /// - Parameters:
  ///   - classes: the classes of the samples.
  ///   - adapter: the adapter that `start` names.
  /// - Throws: `ModelError` if the adapter does not match the model, `ExperimentError` if the
  ///   prompts do not match the method.
  func adaptation(
    _ configuration: CLIPConfiguration, _ classes: ClassTexts, from adapter: PEFTAdapter?
  ) throws -> any AdaptationMethod {
    if let adapter { return try adapter.method(configuration) }
    switch kind {
    case .lora, .dylora:
      guard let lora else { preconditionFailure("a LoRA has a size or an adapter") }
      return LoRAMethod(
        configuration, tower: lora.tower, modules: lora.modules, rank: lora.rank,
        alpha: lora.alpha, scaling: lora.scaling)
    case .dora:
      guard let lora else { preconditionFailure("a DoRA has a size or an adapter") }
      return DoRAMethod(
        configuration, tower: lora.tower, modules: lora.modules, rank: lora.rank,
        alpha: lora.alpha, scaling: lora.scaling)
    case .ia3:
      guard let tower, let modules else {
        preconditionFailure("an IA3 has a tower and modules or an adapter")
      }
      return IA3Method(configuration, tower: tower, modules: modules)
    case .full: return FineTuning(configuration)
    case .norm:
      return FineTuning(
        configuration, .norms(tower ?? .both, Set(norms ?? NormPosition.allCases)))
    case .bias: return FineTuning(configuration, .biases(tower ?? .both))
    case .vpt:
      guard let visualPrompts else {
        preconditionFailure("visual prompts have a number and a depth")
      }
      return VisualPromptMethod(
        configuration, count: visualPrompts.count, isDeep: visualPrompts.depth == .deep)
    case .fedlc, .fedvmlc:
      return try ClassifierMethod(
        configuration, prompts: classes.prompts(), trainsVision: kind == .fedvmlc)
    case .fedaa: return GateMethod(configuration)
    case .fedca: return BottleneckMethod(configuration)
    case .fedprompt: return try classes.promptMethod(context: context)
    }
  }
}
