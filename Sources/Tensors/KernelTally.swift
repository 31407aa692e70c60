/// What one kernel does: a matrix product, or a pass over numbers.
package struct KernelWork: Hashable, Sendable {
  /// Floating-point operations of its matrix products; none for an elementwise pass.
  package let flops: Int
  /// Bytes that it reads and writes.
  package let bytes: Int

  package init(flops: Int, bytes: Int) {
    self.flops = flops
    self.bytes = bytes
  }
}

/// Kernels that were run one after the other, by what they did.
package struct KernelTally: Sendable, Equatable {
  /// How often each was run.
  package private(set) var counts: [KernelWork: Int] = [:]

  package init() {}

  package mutating func add(_ kernel: KernelWork, times: Int = 1) {
    counts[kernel, default: 0] += times
  }

  package mutating func add(_ other: KernelTally) {
    for (kernel, count) in other.counts { add(kernel, times: count) }
  }

  package var flops: Int { counts.reduce(0) { $0 + $1.key.flops * $1.value } }

  package var bytes: Int { counts.reduce(0) { $0 + $1.key.bytes * $1.value } }
}
