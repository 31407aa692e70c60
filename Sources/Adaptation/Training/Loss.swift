import CKernels
import Tensors

/// The loss that a client minimises.
public enum Loss: String, Codable, Sendable, CaseIterable {
  /// CLIP's symmetric loss within the batch: every image against the prompts of all images in the
  /// batch, and every prompt against all images (Radford et al., arXiv 2103.00020).
  case contrastive
  /// The cross-entropy of every image over the prompts of all classes.
  case classification

  /// The loss of a batch; `logits` is replaced by its gradient.
  ///
  /// Only distinct prompts have columns. For the contrastive loss, a prompt shared by n images of
  /// the batch represents n equal columns of the square matrix: a row's sum counts its exponential
  /// n times, and its own n equal columns contribute one column's term n times. With n_c the count
  /// of column c, y_i the column of image i and B images,
  ///
  ///     loss = 1/2B [ sum_i (log sum_c n_c exp l_ic - l_iy_i)
  ///                 + sum_c n_c log sum_i exp l_ic - sum_i l_iy_i ].
  ///
  /// - Parameters:
  ///   - logits: scaled cosines [images, prompts]. For the contrastive loss, columns without an
  ///     image are ignored.
  ///   - targets: the prompt of each image.
  package func backward(
    _ logits: Matrix, targets: [Int32], _ context: ComputeContext
  ) -> Double {
    switch self {
    case .contrastive:
      let counts = context.matrix(1, logits.columns, zeroed: true)
      let scratch = context.matrix(3, logits.columns)
      defer {
        counts.recycle()
        scratch.recycle()
      }
      // Along rows and along columns.
      context.countKernel(numbers: 4 * logits.count)
      guard context.computes else { return 0 }
      for target in targets { counts.base[Int(target)] += 1 }
      return flora_contrastive_backward(
        logits.base, logits.rows, logits.columns, counts.base, targets, scratch.base)
    case .classification:
      context.countKernel(numbers: 2 * logits.count)
      guard context.computes else { return 0 }
      return flora_cross_entropy_backward(logits.base, logits.rows, logits.columns, targets)
    }
  }

  /// The number of logit columns for some prompts: rounded up to whole vector registers if
  /// additional columns are ignored.
  func columns(prompts: Int) -> Int {
    switch self {
    case .contrastive: (prompts + 15) / 16 * 16
    case .classification: prompts
    }
  }
}
