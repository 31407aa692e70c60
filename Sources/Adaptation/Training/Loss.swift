import CKernels
import Foundation
import Tensors

/// What a client minimises.
public enum Loss: String, Codable, Sendable, CaseIterable {
  /// CLIP's symmetric loss within the batch: every image against the prompts of all images of the
  /// batch, and every prompt against all images (Radford et al., arXiv 2103.00020).
  case contrastive
  /// Cross-entropy of every image over the prompts of all classes.
  case classification

  /// The loss of a batch; `logits` becomes its gradient.
  ///
  /// Only distinct prompts have columns. For the contrastive loss, a prompt that n images of the batch
  /// share stands for n equal columns of the square matrix: a row's sum counts its exponential n
  /// times, and its own n equal columns are one column's term n times. With n_c the count of column c,
  /// y_i the column of image i and B images,
  ///
  ///     loss = 1/2B [ sum_i (log sum_c n_c exp l_ic - l_iy_i) + sum_c n_c log sum_i exp l_ic - sum_i l_iy_i ].
  ///
  /// - Parameters:
  ///   - logits: scaled cosines [images, prompts].
  ///   - targets: the prompt of each image.
  package func backward(
    _ logits: Matrix, targets: [Int], _ context: ComputeContext
  ) -> Double {
    guard context.computes else { return 0 }
    return switch self {
    case .contrastive: contrastive(logits, targets)
    case .classification: classification(logits, targets)
    }
  }

  private func classification(_ logits: Matrix, _ targets: [Int]) -> Double {
    var loss = 0.0
    let share = 1 / Float(logits.rows)
    for row in 0..<logits.rows {
      let l = logits.base + row * logits.columns
      let total = flora_log_sum_exp(l, nil, logits.columns, 1)
      loss += Double(total - l[targets[row]])
      for column in 0..<logits.columns { l[column] = share * exp(l[column] - total) }
      l[targets[row]] -= share
    }
    return loss / Double(logits.rows)
  }

  private func contrastive(_ logits: Matrix, _ targets: [Int]) -> Double {
    let (rows, columns) = (logits.rows, logits.columns)
    var counts = [Float](repeating: 0, count: columns)
    for target in targets { counts[target] += 1 }
    let columnTotals = (0..<columns).map {
      flora_log_sum_exp(logits.base + $0, nil, rows, columns)
    }
    var loss = zip(counts, columnTotals).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let share = 1 / Float(2 * rows)
    for row in 0..<rows {
      let l = logits.base + row * columns
      let total = flora_log_sum_exp(l, counts, columns, 1)
      loss += Double(total) - 2 * Double(l[targets[row]])
      for column in 0..<columns {
        let value = l[column]
        l[column] =
          counts[column] == 0
          ? 0 : share * counts[column] * (exp(value - total) + exp(value - columnTotals[column]))
      }
      l[targets[row]] -= 2 * share
    }
    return loss / Double(2 * rows)
  }
}
