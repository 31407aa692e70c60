import Tensors

/// What a client is asked to train on.
package struct ClientTask: Sendable {
  /// The samples of each step; drawn by the worker that trains the task, so that a task that waits
  /// takes no memory for them.
  package let batches: @Sendable () -> [[Int]]
  /// What the client's optimizer remembers, where it is persistent.
  package let memory: OptimizerMemory?

  package init(memory: OptimizerMemory? = nil, batches: @escaping @Sendable () -> [[Int]]) {
    self.memory = memory
    self.batches = batches
  }
}
