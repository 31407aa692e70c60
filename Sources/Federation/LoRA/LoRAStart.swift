import Adaptation
import CLIP

/// The initial state for the algorithms of a federated LoRA.
package struct LoRAStart {
  /// With the server's size, the largest of any client's.
  package let lora: LoRAMethod
  package let model: CLIPModel
  package let seed: UInt64
  /// lambda of LoRA-FAIR.
  package let correctionPenalty: Double

  /// - Parameter correctionPenalty: nil for the paper's.
  package init(
    _ lora: LoRAMethod, of model: CLIPModel, seed: UInt64, correctionPenalty: Double? = nil
  ) {
    self.lora = lora
    self.model = model
    self.seed = seed
    self.correctionPenalty = correctionPenalty ?? 0.01
  }

  var dimensions: LoRADimensions { LoRADimensions(lora) }

  /// The initial A and B of a plain LoRA.
  var factors: [Float] { lora.initialParameters(of: model, seed: seed) }
}
