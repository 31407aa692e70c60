import Foundation

/// Where one worker computes: it recycles memory, runs the kernels, and counts what both cost.
///
/// A context that only traces runs the same code on shapes: it hands out addresses that are never
/// touched and skips every kernel, but counts FLOPs and bytes as a computing one does. What a step
/// costs on a device is thereby derived from the very code that performs it.
///
/// A context is used by one thread at a time.
package final class ComputeContext {
  /// Whether kernels run; a tracing context only counts.
  package let computes: Bool

  /// Floating-point operations of the matrix products so far: 2 m n k for each.
  package private(set) var matrixProductFLOPs: Int64 = 0

  /// Bytes that live matrices hold now, and the most that they ever held.
  package private(set) var liveBytes: Int64 = 0
  package private(set) var peakBytes: Int64 = 0

  private var recycled: [Int: [UnsafeMutablePointer<Float>]] = [:]

  package init(computes: Bool = true) {
    self.computes = computes
  }

  deinit {
    for block in recycled.values.joined() { free(block) }
  }

  /// A matrix with undefined elements, or with zeros.
  package func matrix(_ rows: Int, _ columns: Int, zeroed: Bool = false) -> Matrix {
    let matrix = Matrix(rows: rows, columns: columns, context: self)
    if zeroed { clear(matrix.base, count: matrix.count) }
    return matrix
  }

  /// A matrix that holds a copy of `elements`, row by row.
  package func matrix(_ rows: Int, _ columns: Int, copying elements: [Float]) -> Matrix {
    precondition(elements.count == rows * columns, "as many elements as the shape has")
    let matrix = Matrix(rows: rows, columns: columns, context: self)
    if computes { matrix.base.update(from: elements, count: elements.count) }
    return matrix
  }

  /// Starts the peak anew from what lives now.
  package func resetPeak() { peakBytes = liveBytes }

  func countMatrixProduct(_ m: Int, _ n: Int, _ k: Int) {
    matrixProductFLOPs += 2 * Int64(m) * Int64(n) * Int64(k)
  }

  func allocate(count: Int) -> UnsafeMutablePointer<Float> {
    liveBytes += Int64(count) * 4
    peakBytes = max(peakBytes, liveBytes)
    guard computes else { return Self.untouched }
    let capacity = Self.capacity(for: count)
    if let block = recycled[capacity]?.popLast() { return block }
    var memory: UnsafeMutableRawPointer?
    let status = posix_memalign(&memory, 64, capacity * MemoryLayout<Float>.stride)
    guard status == 0, let memory else {
      fatalError("out of memory: \(capacity * 4) bytes for a matrix")
    }
    return memory.bindMemory(to: Float.self, capacity: capacity)
  }

  func release(_ block: UnsafeMutablePointer<Float>, count: Int) {
    liveBytes -= Int64(count) * 4
    if computes { recycled[Self.capacity(for: count), default: []].append(block) }
  }

  /// Rounds up to an eighth of the leading power of two, so that blocks of nearly the same size are
  /// recycled for each other.
  private static func capacity(for count: Int) -> Int {
    guard count > 64 else { return 64 }
    let step = 1 << max(3, Int.bitWidth - 1 - count.leadingZeroBitCount - 3)
    return (count + step - 1) / step * step
  }

  /// An address for matrices and weights that a tracing context works on.
  package static var untouched: UnsafeMutablePointer<Float> {
    UnsafeMutablePointer(bitPattern: 1 << 12)!
  }
}
