import Tensors

/// The cross-entropy over a classifier's image scores, with its gradients.
struct ClassifierLoss {
  let classifier: Linear

  /// Adds the classifier's gradients.
  ///
  /// - Parameters:
  ///   - z: normalised image features [images, projectionWidth].
  ///   - targets: the class of each image.
  ///   - share: the factor of the result and of all gradients.
  ///   - dz: where to write the gradient of z, or nil.
  /// - Returns: the loss.
  func backward(
    _ z: Matrix, targets: [Int32], share: LossShare, dz: Matrix?, _ context: ComputeContext
  ) -> Double {
    let (scores, _) = classifier.forward(z, context)
    let value = Loss.classification.backward(scores, targets: targets, context)
    if share.weight != 1 { context.scale(scores, by: share.weight) }
    classifier.backward(scores, input: z, saved: nil, into: dz, context)
    scores.recycle()
    return Double(share.weight) * value
  }
}
