/// What the steps of one task cost, and what the device computes before the first of them.
package struct TrainingCost: Sendable {
  private let parts: [(cost: TracedCost, times: Int)]
  /// Operations of all matrix products.
  package let flops: Int
  /// How many kernels run.
  package let kernels: Int

  init(_ parts: [(cost: TracedCost, times: Int)]) {
    self.parts = parts
    flops = parts.reduce(0) { $0 + $1.times * $1.cost.flops }
    kernels = parts.reduce(0) { $0 + $1.times * $1.cost.roofline.kernels }
  }

  /// What the kernels that memory bounds move beyond what it moves while they compute, in bytes; `Roofline`
  /// says how.
  package func waitingBytes(rate: Int, bandwidth: Int) -> Int {
    parts.reduce(0) {
      $0 + $1.times * $1.cost.roofline.waitingBytes(rate: rate, bandwidth: bandwidth)
    }
  }
}
