/// The work of one kernel: a matrix product, or an elementwise pass.
package struct KernelWork: Hashable, Sendable {
  /// The floating-point operations of its matrix products; zero for an elementwise pass.
  package let flops: Int
  /// The bytes that it reads and writes.
  package let bytes: Int

  package init(flops: Int, bytes: Int) {
    self.flops = flops
    self.bytes = bytes
  }
}

/// A sequence of kernels, counted by their work.
package struct KernelTally: Sendable, Equatable {
  /// The number of runs of each.
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
