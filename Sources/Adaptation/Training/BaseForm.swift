import CLIP
import Tensors

/// The form in which devices compute with the frozen base: what its features depend on besides the
/// weights.
package struct BaseForm: Hashable, Codable, Sendable {
  package let storage: BasePrecision
  package let precision: Precision

  package init(_ techniques: TrainingTechniques) {
    storage = techniques.basePrecision
    precision = techniques.precision
  }
}
