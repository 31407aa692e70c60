import CKernels
import CLIP
import Tensors

/// Measures a version of a method's parameters on test samples: zero-shot over the class prompts.
package struct Evaluator: Sendable {
  private let adapted: AdaptedModel
  private let images: ImageSource
  private let features: FrozenFeatures?
  private let prompts: ClassPrompts

  package init(
    _ adapted: AdaptedModel, images: ImageSource, features: FrozenFeatures?, prompts: ClassPrompts
  ) {
    self.adapted = adapted
    self.images = images
    self.features = features
    self.prompts = prompts
  }

  /// Sums over samples, so that parts can be added up.
  package struct Score: Sendable, Equatable {
    package var correct = 0
    package var lossSum = 0.0
    package var samples = 0

    package init() {}

    package var accuracy: Double { Double(correct) / Double(samples) }
    package var loss: Double { lossSum / Double(samples) }

    package static func + (lhs: Self, rhs: Self) -> Self {
      var sum = lhs
      sum.correct += rhs.correct
      sum.lossSum += rhs.lossSum
      sum.samples += rhs.samples
      return sum
    }
  }

  /// How many samples' largest cosine is that of their own class, and the sum of their cross-entropies
  /// over the class prompts.
  package func score(_ parameters: [Float], samples: [Int], _ context: ComputeContext) -> Score {
    let vector = context.matrix(1, parameters.count, copying: parameters)
    let table = adapted.table(vector, gradient: nil)
    let t = adapted.model.features(of: prompts.texts, table, context)
    let z: UnitRows =
      if let features, !adapted.trainsVision {
        UnitRows(unit: features.gather(samples, context))
      } else {
        adapted.model.features(of: images.pixels(samples, context), table, context)
      }
    let logits = context.matrix(samples.count, prompts.count)
    context.multiply(
      z.rows.view, .asIs, t.rows.view, .transposed, into: logits.view,
      alpha: adapted.model.logitScale)
    return score(logits, labels: samples.map { Int(images.dataset.labels[$0]) })
  }

  private func score(_ logits: Matrix, labels: [Int]) -> Score {
    var score = Score()
    score.samples = labels.count
    for (row, label) in labels.enumerated() {
      let l = logits.base + row * logits.columns
      let best = (0..<logits.columns).max { l[$0] < l[$1] }
      if best == label { score.correct += 1 }
      score.lossSum += Double(flora_log_sum_exp(l, nil, logits.columns, 1) - l[label])
    }
    return score
  }
}
