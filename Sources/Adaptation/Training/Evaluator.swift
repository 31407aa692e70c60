import CKernels
import CLIP
import Tensors

/// Measures a version of a method's parameters on test samples: zero-shot over the class prompts.
package struct Evaluator: Sendable {
  private let adapted: AdaptedModel
  private let images: ImageSource
  private let features: FrozenFeatures?

  package init(_ adapted: AdaptedModel, images: ImageSource, features: FrozenFeatures?) {
    self.adapted = adapted
    self.images = images
    self.features = features
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
  ///
  /// - Parameter prompts: the pass of all class prompts with these parameters.
  package func score(
    _ parameters: [Float], prompts: PromptPass, samples: [Int], _ context: ComputeContext
  ) -> Score {
    let z: UnitRows =
      if let features, !adapted.trainsVision {
        UnitRows(unit: features.gather(samples, context))
      } else {
        imageFeatures(parameters, samples, context)
      }
    let t = prompts.features.rows
    let logits = context.matrix(samples.count, t.rows)
    context.multiply(
      z.rows.view, .asIs, t.view, .transposed, into: logits.view, alpha: adapted.model.logitScale)
    defer {
      z.recycle()
      logits.recycle()
    }
    return score(logits, labels: samples.map { Int(images.dataset.labels[$0]) })
  }

  private func imageFeatures(
    _ parameters: [Float], _ samples: [Int], _ context: ComputeContext
  ) -> UnitRows {
    parameters.withUnsafeBufferPointer { parameters in
      let vector = Matrix(reading: parameters.baseAddress!, rows: 1, columns: parameters.count)
      let pixels = images.pixels(samples, context)
      defer { pixels.recycle() }
      return adapted.model.features(of: pixels, adapted.table(vector, gradient: nil), context)
    }
  }

  private func score(_ logits: Matrix, labels: [Int]) -> Score {
    var score = Score()
    score.samples = labels.count
    for (row, label) in labels.enumerated() {
      let l = logits.base + row * logits.columns
      var best = 0
      for column in 1..<max(1, logits.columns) where l[column] > l[best] { best = column }
      if best == label { score.correct += 1 }
      score.lossSum += Double(flora_log_sum_exp(l, nil, logits.columns, 1) - l[label])
    }
    return score
  }
}
