import Adaptation
import CLIP
import Federation
import Scenario

/// A LoRA with an aggregation rule, and the sizes of its clients.
struct FederatedLoRA {
  let rule: LoRARule
  /// With the server's size.
  let lora: LoRAMethod
  let model: CLIPModel
  /// The size of clients by device class.
  private let sizes: [LoRASize]

  /// Nil if the method is not a LoRA, or uses plain averaging.
  init?(_ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel) {
    guard let lora = adapted.method as? LoRAMethod, let federated = settings.lora,
      let rule = federated.aggregation
    else { return nil }
    self.rule = rule
    self.lora = lora
    model = experiment.model
    sizes = experiment.fleet.classes.map { federated.size(ofClass: $0.name) }
  }

  func size(ofClass index: Int) -> LoRASize { sizes[index] }

  /// A client's method for tracing costs: only its shapes matter.
  func tracedMethod(_ part: TrainedPart) -> PartialLoRA {
    let lora = lora.resized(part.size)
    return PartialLoRA(
      lora, part: part.part,
      factors: [Float](repeating: 0, count: lora.trainable.count),
      start: [], merged: [], of: model)
  }
}
