import CLIP
import Tensors

/// The frozen base as devices compute with it: what its features depend on beside its numbers.
package struct BaseForm: Hashable, Codable, Sendable {
  package let storage: BasePrecision
  package let precision: Precision

  package init(_ techniques: TrainingTechniques) {
    storage = techniques.basePrecision
    precision = techniques.precision
  }
}
