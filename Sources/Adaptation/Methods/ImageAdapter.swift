import Tensors

/// A trained function of a frozen vision tower's features, which are not normalised.
protocol ImageAdapter {
  var isTrained: Bool { get }

  /// - Parameters:
  ///   - x: features [images, projectionWidth]; recycled unless recorded on the tape.
  ///   - recording: whether a backward pass follows.
  /// - Returns: features of the same shape, and a tape for the backward pass, which is empty unless
  ///   `recording`.
  func forward(_ x: Matrix, recording: Bool, _ context: ComputeContext) -> (
    y: Matrix, tape: [Matrix]
  )

  /// Adds the gradients of the adapter's parameters and recycles the tape.
  ///
  /// - Parameter dy: the gradient of y, which is overwritten.
  func backward(_ dy: Matrix, _ tape: [Matrix], _ context: ComputeContext)

  /// Records the same operations for memory estimates; releases everything it creates except the
  /// result.
  ///
  /// - Parameter rows: the number of images.
  func forward(_ x: StepBuilder.Value, rows: Int, in step: inout StepBuilder) -> StepBuilder.Value
}
