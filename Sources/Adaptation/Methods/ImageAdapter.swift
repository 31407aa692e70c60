import Tensors

/// A trained function of a frozen vision tower's features, as the tower gives them: not of unit length.
protocol ImageAdapter {
  var isTrained: Bool { get }

  /// - Parameters:
  ///   - x: features [images, projectionWidth]; recycled unless taped.
  ///   - recording: whether a backward pass will follow.
  /// - Returns: features of the same shape, and what the backward pass needs; nothing where not
  ///   `recording`.
  func forward(_ x: Matrix, recording: Bool, _ context: ComputeContext) -> (
    y: Matrix, tape: [Matrix]
  )

  /// Adds the gradients of the adapter's parameters and recycles the tape.
  ///
  /// - Parameter dy: the gradient of y, which is overwritten.
  func backward(_ dy: Matrix, _ tape: [Matrix], _ context: ComputeContext)

  /// Writes down the same operations, for what they hold in memory; releases what it makes but the result.
  ///
  /// - Parameter rows: images.
  func forward(_ x: StepBuilder.Value, rows: Int, in step: inout StepBuilder) -> StepBuilder.Value
}
