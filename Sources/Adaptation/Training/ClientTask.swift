import Tensors

/// A client's training task.
package struct ClientTask: Sendable {
  /// The samples of each step; drawn by the worker that runs the task, so that a queued task needs
  /// no memory for them.
  package let batches: @Sendable () -> [[Int]]
  /// The client's optimizer state, if it is persistent.
  package let memory: OptimizerMemory?
  /// The correction of the client's gradients; nil for none.
  package let correction: GradientCorrection?

  package init(
    memory: OptimizerMemory? = nil, correction: GradientCorrection? = nil,
    batches: @escaping @Sendable () -> [[Int]]
  ) {
    self.memory = memory
    self.correction = correction
    self.batches = batches
  }
}
