import Adaptation
import CLIP
import Federation
import Scenario

/// A LoRA whose server has an aggregation rule of its own, and the sizes of its clients.
struct FederatedLoRA {
  let rule: LoRARule
  /// Of the server's size.
  let lora: LoRAMethod
  let model: CLIPModel
  /// The size of each device class's clients.
  private let sizes: [LoRASize]

  /// Nil where the method is no LoRA, or its server averages like any other's.
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

  /// The method of a client as its costs are traced: its shapes, with any numbers.
  func tracedMethod(_ part: TrainedPart) -> PartialLoRA {
    let lora = lora.resized(part.size)
    return PartialLoRA(
      lora, part: part.part,
      factors: [Float](repeating: 0, count: lora.trainable.count),
      start: [], merged: [], of: model)
  }
}
