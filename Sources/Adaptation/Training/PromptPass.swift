import CLIP
import Tensors

/// The class prompts passed through the text tower with one version of a method's parameters.
///
/// A version's evaluation and the first step of every client that starts from it read the same pass.
package final class PromptPass: @unchecked Sendable {
  /// The prompts' features at unit length, [classes, projectionWidth].
  let features: UnitRows
  /// What a backward pass needs; nil where the text tower is frozen, or where nothing was recorded.
  let tape: TextTower.Tape?
  // Owns the memory of the above, which is only read once they are made.
  private let context = ComputeContext()

  /// The pass of no prompts, where a classifier takes their place.
  init() {
    features = UnitRows(unit: context.matrix(0, 0))
    tape = nil
  }

  /// - Parameter recording: whether clients will step from this pass.
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
