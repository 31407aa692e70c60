/// The cost of one task's steps, and of what the device computes before the first one.
package struct TrainingCost: Sendable {
  private let parts: [(cost: TracedCost, times: Int)]
  /// The operations of all matrix products.
  package let flops: Int
  /// The number of kernels launched.
  package let kernels: Int

  init(_ parts: [(cost: TracedCost, times: Int)]) {
    self.parts = parts
    flops = parts.reduce(0) { $0 + $1.times * $1.cost.flops }
    kernels = parts.reduce(0) { $0 + $1.times * $1.cost.roofline.kernels }
  }

  /// The bytes that memory-bound kernels move in addition to what is moved while they compute; see
  /// `Roofline`.
  package func waitingBytes(rate: Int, bandwidth: Int) -> Int {
    parts.reduce(0) {
      $0 + $1.times * $1.cost.roofline.waitingBytes(rate: rate, bandwidth: bandwidth)
    }
  }
}
