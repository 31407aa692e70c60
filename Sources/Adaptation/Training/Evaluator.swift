import CKernels
import CLIP
import Tensors

/// Evaluates a version of a method's parameters on test samples, with class prompts or with its
/// classifier.
package struct Evaluator: Sendable {
  private let adapted: AdaptedModel
  private let images: ImageSource
  private let features: FrozenFeatures?
  private let precision: Precision
  private let isNovel: [Bool]?

  /// - Parameters:
  ///   - precision: of the products.
  ///   - isNovel: whether each class is one that training never saw; nil if there are no such
  ///     classes.
  package init(
    _ adapted: AdaptedModel, images: ImageSource, features: FrozenFeatures?,
    precision: Precision = .float32, isNovel: [Bool]? = nil
  ) {
    self.precision = precision
    self.isNovel = isNovel
    self.adapted = adapted
    self.images = images
    self.features = features
  }

  /// Sums over samples, so that partial scores can be added.
  package struct Score: Codable, Sendable, Equatable {
    package var correct = 0
    package var lossSum = 0.0
    package var samples = 0
    /// Samples of classes that clients train on, classified among these classes only; none without
    /// novel classes.
    package var base = Tally()
    /// Samples of novel classes, classified among these classes only.
    package var novel = Tally()

    package init() {}

    /// The number of correctly classified images, and the number of images.
    package struct Tally: Codable, Sendable, Equatable {
      package var correct = 0
      package var samples = 0

      package init(correct: Int = 0, samples: Int = 0) {
        self.correct = correct
        self.samples = samples
      }

      /// Nil without a sample.
      package var accuracy: Double? {
        samples > 0 ? Double(correct) / Double(samples) : nil
      }

      package static func + (lhs: Self, rhs: Self) -> Self {
        Tally(correct: lhs.correct + rhs.correct, samples: lhs.samples + rhs.samples)
      }
    }

    package var accuracy: Double { Double(correct) / Double(samples) }
    package var loss: Double { lossSum / Double(samples) }

    package static func + (lhs: Self, rhs: Self) -> Self {
      var sum = lhs
      sum.correct += rhs.correct
      sum.lossSum += rhs.lossSum
      sum.samples += rhs.samples
      sum.base = lhs.base + rhs.base
      sum.novel = lhs.novel + rhs.novel
      return sum
    }
  }

  /// Counts the samples whose largest score is that of their own class, and sums their
  /// cross-entropies over the scores: scaled cosines with the class prompts, or a classifier's
  /// scores.
  ///
  /// A sample with NaN or infinite scores is predicted as no class, and counts as wrong.
  ///
  /// - Parameter prompts: the pass of all class prompts with these parameters.
  package func score(
    _ parameters: [Float], prompts: PromptPass, samples: [Int], _ context: ComputeContext
  ) -> Score {
    context.withPrecision(precision) { score(parameters, prompts, samples, context) }
  }

  private func score(
    _ parameters: [Float], _ prompts: PromptPass, _ samples: [Int], _ context: ComputeContext
  ) -> Score {
    parameters.withUnsafeBufferPointer { parameters in
      let vector = Matrix(reading: parameters.baseAddress!, rows: 1, columns: parameters.count)
      let table = adapted.table(vector, gradient: nil)
      let input = adapted.input(samples, images, features, context)
      let (z, _) = adapted.imageEncoder(table).forward(input, recording: false, context)
      if case .pixels(let pixels) = input { pixels.recycle() }
      let classifier = adapted.attachments(table).classifier
      let scores =
        classifier?.forward(z.rows, context).y
        ?? scaledCosines(z.rows, prompts.features.rows, context)
      defer {
        z.recycle()
        scores.recycle()
      }
      return score(scores, labels: samples.map { Int(images.dataset.labels[$0]) })
    }
  }

  private func scaledCosines(_ z: Matrix, _ t: Matrix, _ context: ComputeContext) -> Matrix {
    let scores = context.matrix(z.rows, t.rows)
    context.multiply(
      z.view, .asIs, t.view, .transposed, into: scores.view, alpha: adapted.model.logitScale)
    return scores
  }

  private func score(_ logits: Matrix, labels: [Int]) -> Score {
    var score = Score()
    score.samples = labels.count
    for (row, label) in labels.enumerated() {
      let l = logits.base + row * logits.columns
      var best = 0
      for column in 1..<max(1, logits.columns) where l[column] > l[best] { best = column }
      let loss = flora_log_sum_exp(l, nil, logits.columns, 1) - l[label]
      if best == label, loss.isFinite { score.correct += 1 }
      score.lossSum += Double(loss)
      guard let isNovel else { continue }
      // As in CoCoOp (arXiv 2203.05557), an image of a base class is classified among base classes
      // only.
      let isCorrect =
        loss.isFinite
        && !isNovel.indices.contains {
          isNovel[$0] == isNovel[label] && (l[$0] > l[label] || l[$0] == l[label] && $0 < label)
        }
      let tally = Score.Tally(correct: isCorrect ? 1 : 0, samples: 1)
      if isNovel[label] {
        score.novel = score.novel + tally
      } else {
        score.base = score.base + tally
      }
    }
    return score
  }
}
