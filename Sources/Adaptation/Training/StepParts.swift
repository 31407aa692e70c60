import CKernels
import CLIP
import Tensors

/// The parts of a training step's batch, which idle workers compute together with the calling
/// thread (`LongVectors.helpers`).
///
/// Every part of the images and of the prompts has its own context, tape and gradient. The loss
/// compares the features of all parts, because the contrastive loss couples the whole batch. The
/// gradients are added in the order of the parts. The result therefore depends on the number of
/// parts, but not on the workers.
package struct StepParts {
  /// The gradient of each part index [1, parameters], which its images and its prompts share,
  /// since the towers have no parameter in common. After a step, the first is the sum.
  package let gradients: [Matrix]
  private let contexts: [ComputeContext]
  private let precision: Precision
  private let context: ComputeContext

  /// - Parameters:
  ///   - gradient: where steps leave the sum of the gradients, [1, parameters].
  ///   - contexts: two for each part, only for these steps; see `contexts(parts:)`.
  ///   - precision: the precision of products.
  package init(
    addingTo gradient: Matrix, _ contexts: [ComputeContext], precision: Precision = .float32,
    _ context: ComputeContext
  ) {
    precondition(!contexts.isEmpty && contexts.count.isMultiple(of: 2), "two contexts a part")
    self.contexts = contexts
    self.precision = precision
    self.context = context
    gradients =
      [gradient]
      + (1..<contexts.count / 2).map { _ in context.matrix(gradient.rows, gradient.columns) }
  }

  /// New contexts for steps with this number of parts.
  package static func contexts(parts: Int, computing: Bool = true) -> [ComputeContext] {
    (0..<2 * parts).map { _ in ComputeContext(computes: computing) }
  }

  package var count: Int { gradients.count }

  /// Returns the memory of all gradients but the caller's.
  package func recycle() {
    for gradient in gradients.dropFirst() { gradient.recycle() }
  }

  /// Replaces the gradients by those of a batch.
  ///
  /// - Parameters:
  ///   - steps: a step for each part, which adds to the gradient of its index.
  ///   - images, prompts: creates each part's input in the given context, in their order in the
  ///     batch; at most `count`. Prompts are empty if a classifier replaces them.
  ///   - targets: the prompt of each image of the batch; the class if there is a classifier.
  /// - Returns: the loss.
  package func run(
    _ steps: [TrainingStep], images: [(ComputeContext) -> TrainingStep.Images],
    prompts: [(ComputeContext) -> TrainingStep.Prompts], targets: [Int32]
  ) -> Double {
    let images = images.enumerated().map { index, make in
      TowerPart(steps[index], .images(make), precision, contexts[index])
    }
    let prompts = prompts.enumerated().map { index, make in
      TowerPart(steps[index], .prompts(make), precision, contexts[count + index])
    }
    forward(images + prompts)
    let loss = compare(steps[0], images, prompts, targets)
    addGradients()
    return loss
  }

  /// Runs the forward passes, and clears the gradients, which they do not read.
  private func forward(_ parts: [TowerPart]) {
    nonisolated(unsafe) let gradients = context.computes ? gradients.map(\.base) : []
    let numbers = self.gradients[0].count
    LongVectors.forEach(0..<parts.count + gradients.count) { index in
      if index < parts.count {
        parts[index].forward()
      } else {
        gradients[index - parts.count].update(repeating: 0, count: numbers)
      }
    }
  }

  /// Computes the loss of all features, and runs the backward passes of the parts.
  private func compare(
    _ step: TrainingStep, _ images: [TowerPart], _ prompts: [TowerPart], _ targets: [Int32]
  ) -> Double {
    let (z, t) = (gather(images), prompts.isEmpty ? nil : gather(prompts))
    let dz = images.contains(where: \.isTrained) ? context.matrix(z.rows, z.columns) : nil
    let dt =
      prompts.contains(where: \.isTrained) ? t.map { context.matrix($0.rows, $0.columns) } : nil
    let value = step.compare(z, t, targets: targets, dz: dz, dt: dt, context)
    for (parts, gradient) in [(images, dz), (prompts, dt)] {
      var end = 0
      for part in parts {
        let rows = end..<end + part.features.rows
        part.gradient = gradient?.slice(rows)
        end = rows.upperBound
      }
    }
    let parts = images + prompts
    LongVectors.forEach(0..<parts.count) { parts[$0].backward() }
    for matrix in [z, t, dz, dt] { matrix?.recycle() }
    return value
  }

  /// Concatenates the features of parts.
  private func gather(_ parts: [TowerPart]) -> Matrix {
    let features = parts.map(\.features)
    let all = context.matrix(features.reduce(0) { $0 + $1.rows }, features[0].columns)
    var end = 0
    for rows in features {
      context.copyRows(rows, to: all.slice(end..<end + rows.rows))
      end += rows.rows
    }
    return all
  }

  /// Adds the gradients in the order of their parts.
  private func addGradients() {
    guard count > 1, context.computes else { return }
    nonisolated(unsafe) let sum = gradients[0].base
    nonisolated(unsafe) let others = gradients.dropFirst().map(\.base)
    LongVectors.forEachRange(of: gradients[0].count) { range in
      for other in others {
        flora_add_scaled(
          sum + range.lowerBound, other + range.lowerBound, 1, range.count)
      }
    }
  }

  /// Non-empty ranges of nearly equal length that cover 0..<count, at most `parts`.
  package static func cut(_ count: Int, into parts: Int) -> [Range<Int>] {
    (0..<parts).map { (0..<count).part($0, of: parts) }.filter { !$0.isEmpty }
  }
}
