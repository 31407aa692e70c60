import Adaptation
import CLIP

/// What the algorithms of a federated LoRA start from.
package struct LoRAStart {
  /// Of the server's size, the largest of any client's.
  package let lora: LoRAMethod
  package let model: CLIPModel
  package let seed: UInt64

  package init(_ lora: LoRAMethod, of model: CLIPModel, seed: UInt64) {
    self.lora = lora
    self.model = model
    self.seed = seed
  }

  var dimensions: LoRADimensions { LoRADimensions(lora) }

  /// A and B as a plain LoRA draws them.
  var factors: [Float] { lora.initialParameters(of: model, seed: seed) }
}
