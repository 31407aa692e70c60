import Tensors

/// The loss of scaled cosines between images and prompts, with its gradients.
package struct SimilarityLoss {
  private let loss: Loss
  private let logitScale: Float
  /// Where to add the gradient of the logit scale's logarithm, or nil if the scale is frozen.
  private let logitScaleGradient: UnsafeMutablePointer<Float>?

  package init(
    _ loss: Loss, logitScale: Float, logitScaleGradient: UnsafeMutablePointer<Float>?
  ) {
    self.loss = loss
    self.logitScale = logitScale
    self.logitScaleGradient = logitScaleGradient
  }

  /// Whether every image has its own term, so that a batch can be split into micro-batches.
  var isSeparable: Bool { loss == .classification }

  /// - Parameters:
  ///   - z: normalised image features [images, projectionWidth].
  ///   - t: normalised prompt features [prompts, projectionWidth].
  ///   - targets: the prompt of each image.
  ///   - dz: where to write the gradient of z, or nil.
  ///   - dt: where to write the gradient of t, or nil.
  /// - Returns: the loss.
  package func backward(
    _ z: MatrixView, _ t: MatrixView, targets: [Int32], dz: MatrixView?, dt: MatrixView?,
    _ context: ComputeContext
  ) -> Double {
    backward(z, t, targets: targets, share: .whole, dz: dz, dt: dt, context)
  }

  /// - Parameter share: the factor of the result and of all gradients; the gradient of t is
  ///   accumulated except for the first micro-batch.
  func backward(
    _ z: MatrixView, _ t: MatrixView, targets: [Int32], share: LossShare, dz: MatrixView?,
    dt: MatrixView?, _ context: ComputeContext
  ) -> Double {
    let columns = loss.columns(prompts: t.rows)
    let padded = context.matrix(z.rows, columns, zeroed: columns > t.rows)
    let logits = padded.view.window(row: 0, column: 0, rows: z.rows, columns: t.rows)
    context.multiply(z, .asIs, t, .transposed, into: logits, alpha: logitScale)
    // A tracing context has no values to keep.
    let cosines = logitScaleGradient.flatMap { _ in context.computes ? padded.elements : nil }
    let value = loss.backward(padded, targets: targets, context)
    if let cosines, let gradient = logitScaleGradient {
      gradient.pointee +=
        share.weight * zip(padded.elements, cosines).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let scale = logitScale * share.weight
    if let dt {
      context.multiply(
        logits, .transposed, z, .asIs, into: dt, alpha: scale, beta: share.isFirst ? 0 : 1)
    }
    if let dz { context.multiply(logits, .asIs, t, .asIs, into: dz, alpha: scale) }
    padded.recycle()
    return Double(share.weight) * value
  }
}
