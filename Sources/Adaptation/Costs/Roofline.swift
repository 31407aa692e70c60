import Tensors

/// The time that kernels wait for memory on a device: each takes max(operations / rate,
/// bytes / bandwidth) (Williams et al., "Roofline", CACM 2009).
///
/// The sum over all kernels is the time of all operations plus, for each memory-bound kernel, the
/// transfer time beyond its operations. Which kernels are memory-bound depends only on the ratio of
/// rate and bandwidth, so they are found by binary search.
package struct Roofline: Hashable, Sendable {
  private struct Step: Hashable {
    /// One kernel.
    let work: KernelWork
    /// Cumulative over all kernels up to this one.
    let flops: Int
    let bytes: Int
  }

  /// Sorted by operations per byte, ascending.
  private let steps: [Step]
  package let kernels: Int

  /// The operations of all kernels.
  package var flops: Int { steps.last?.flops ?? 0 }
  package var bytes: Int { steps.last?.bytes ?? 0 }

  package init(_ tally: KernelTally) {
    let sorted = tally.counts.sorted {
      let left = $0.key.flops.multipliedFullWidth(by: $1.key.bytes)
      let right = $1.key.flops.multipliedFullWidth(by: $0.key.bytes)
      return (left.high, left.low, $0.key.bytes) < (right.high, right.low, $1.key.bytes)
    }
    var (flops, bytes) = (0, 0)
    steps = sorted.map { work, count in
      flops += count * work.flops
      bytes += count * work.bytes
      return Step(work: work, flops: flops, bytes: bytes)
    }
    kernels = tally.counts.values.reduce(0, +)
  }

  /// The bytes of memory-bound kernels, minus the bytes transferred while their operations run.
  ///
  /// - Parameters:
  ///   - rate: operations per second.
  ///   - bandwidth: bytes per second.
  /// - Complexity: O(log n) in the number of distinct kernels.
  package func waitingBytes(rate: Int, bandwidth: Int) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if isBoundByMemory(steps[middle].work, rate, bandwidth) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low > 0 else { return 0 }
    let bound = steps[low - 1]
    // Less than the bytes, since each of these kernels moves more than the bandwidth allows in its
    // time.
    let moved = rate.dividingFullWidth(bound.flops.multipliedFullWidth(by: bandwidth)).quotient
    return bound.bytes - moved
  }

  private func isBoundByMemory(_ work: KernelWork, _ rate: Int, _ bandwidth: Int) -> Bool {
    let bytes = work.bytes.multipliedFullWidth(by: rate)
    let flops = work.flops.multipliedFullWidth(by: bandwidth)
    return (flops.high, flops.low) < (bytes.high, bytes.low)
  }
}
