import CLIP
import Tensors

/// The forward pass of the class prompts through the text tower with one version of a method's
/// parameters.
///
/// A version's evaluation and the first step of every client that starts from it use the same pass.
package final class PromptPass: @unchecked Sendable {
  /// The prompts' normalised features, [classes, projectionWidth].
  let features: UnitRows
  /// The tape for a backward pass; nil if the text tower is frozen or nothing was recorded.
  let tape: TextTower.Tape?
  // Owns the memory of the above, which is only read after initialisation.
  private let context = ComputeContext()

  /// The empty pass, if a classifier replaces prompts.
  init() {
    features = UnitRows(unit: context.matrix(0, 0))
    tape = nil
  }

  /// - Parameter recording: whether clients will take a step from this pass.
  package init(
    _ adapted: AdaptedModel, _ prompts: PromptRows, version: [Float], recording: Bool,
    _ savings: ExactSavings = .all, _ techniques: TrainingTechniques = TrainingTechniques()
  ) {
    (features, tape) = version.withUnsafeBufferPointer { [context] version in
      context.withPrecision(techniques.precision) {
        let tower = adapted.textTower(
          parameters: version.baseAddress ?? UnsafePointer(ComputeContext.untouched), savings,
          techniques)
        let (features, tape) = tower.forward(
          prompts.all, from: prompts.start, recording: recording && tower.isTrained, context)
        return (UnitRows(normalizing: features, context), tape)
      }
    }
  }
}
