import Adaptation
import CLIP
import Scenario

extension MethodSettings {
  /// The method on a model of the given shape.
  ///
  /// - Parameters:
  ///   - classes: what the samples can be.
  ///   - adapter: what `start` names.
  /// - Throws: `ModelError` where the adapter does not fit the model, `ExperimentError` where the
  ///   prompts do not fit the method.
  func adaptation(
    _ configuration: CLIPConfiguration, _ classes: ClassTexts, from adapter: PEFTAdapter?
  ) throws -> any AdaptationMethod {
    switch kind {
    case .lora, .dylora:
      if let adapter { return try LoRAMethod(configuration, adapter) }
      guard let lora else { preconditionFailure("a LoRA has a size or an adapter") }
      return LoRAMethod(
        configuration, tower: lora.tower, modules: lora.modules, rank: lora.rank,
        alpha: lora.alpha, scaling: lora.scaling)
    case .full: return FullFineTuning(configuration)
    case .fedlc, .fedvmlc:
      return try ClassifierMethod(
        configuration, prompts: classes.prompts(), trainsVision: kind == .fedvmlc)
    case .fedaa: return GateMethod(configuration)
    case .fedca: return BottleneckMethod(configuration)
    case .fedprompt: return try classes.promptMethod(context: context)
    }
  }
}
