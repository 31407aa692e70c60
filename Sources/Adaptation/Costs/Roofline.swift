import Tensors

/// How long kernels wait for memory on a device: each takes max(operations / rate, bytes / bandwidth)
/// (Williams et al., "Roofline", CACM 2009).
///
/// A sum of that over all kernels is the time of all operations, and for each kernel that memory bounds what its
/// bytes take beyond its operations. Which kernels those are depends on the ratio of rate and bandwidth alone, so
/// that they are found by bisection.
package struct Roofline: Hashable, Sendable {
  private struct Step: Hashable {
    /// One kernel.
    let work: KernelWork
    /// Of all kernels up to it.
    let flops: Int
    let bytes: Int
  }

  /// By operations for each byte, the lowest first.
  private let steps: [Step]
  package let kernels: Int

  /// Of all kernels.
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

  /// The bytes of kernels that memory bounds, less those that it moves while their operations are done.
  ///
  /// - Parameters:
  ///   - rate: operations in a second.
  ///   - bandwidth: bytes in a second.
  /// Complexity: O(log n) in the number of different kernels.
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
    // Below the bytes, since each of these kernels moves more than the bandwidth allows in its time.
    let moved = rate.dividingFullWidth(bound.flops.multipliedFullWidth(by: bandwidth)).quotient
    return bound.bytes - moved
  }

  private func isBoundByMemory(_ work: KernelWork, _ rate: Int, _ bandwidth: Int) -> Bool {
    let bytes = work.bytes.multipliedFullWidth(by: rate)
    let flops = work.flops.multipliedFullWidth(by: bandwidth)
    return (flops.high, flops.low) < (bytes.high, bytes.low)
  }
}
