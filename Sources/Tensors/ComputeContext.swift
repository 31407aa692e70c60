import CKernels
import Foundation

/// The compute context of one worker: it recycles memory, runs kernels, and counts the cost of
/// both.
///
/// A tracing context runs the same code on shapes only: it returns addresses that are never
/// accessed and skips every kernel, but counts FLOPs and bytes like a computing one. The cost of a
/// step on a device is thereby derived from the code that executes it.
///
/// A context must be used by one thread at a time.
package final class ComputeContext {
  /// Whether kernels run; a tracing context only counts.
  package let computes: Bool

  /// The precision of subsequent matrix products.
  package var precision: Precision = .float32

  /// The total floating-point operations of matrix products: 2 m n k each.
  package private(set) var matrixProductFLOPs: Int64 = 0

  /// The kernels run so far, in a tracing context.
  package private(set) var kernels = KernelTally()

  /// The bytes of live matrices, and their peak.
  package private(set) var liveBytes: Int64 = 0
  package private(set) var peakBytes: Int64 = 0

  /// The number of allocations because no recycled block of the size was available.
  package private(set) var allocations = 0

  /// Recycled matrices, by size class.
  private var matrices: [[Matrix]] = .init(repeating: [], count: SizeClass.count)
  private var blocks: [[UnsafeMutablePointer<Float>]] = .init(repeating: [], count: SizeClass.count)

  package init(computes: Bool = true) {
    self.computes = computes
  }

  /// A buffer for packing an operand of one product; not counted, like the internal buffers of
  /// BLAS.
  private var packing: (base: UnsafeMutablePointer<Float>, count: Int)?

  deinit {
    for (size, blocks) in blocks.enumerated() {
      for block in blocks {
        flora_allow_use(block, SizeClass(index: size).bytes)
        Foundation.free(block)
      }
    }
    if let packing { Foundation.free(packing.base) }
  }

  /// A buffer for `count` numbers, valid until the next call.
  func packingSpace(_ count: Int) -> UnsafeMutablePointer<Float> {
    guard computes else { return Self.untouched }
    if let packing, packing.count >= count { return packing.base }
    if let packing { Foundation.free(packing.base) }
    let base = allocate(count)
    packing = (base, count)
    return base
  }

  /// A matrix with undefined elements, or with zeros.
  package func matrix(_ rows: Int, _ columns: Int, zeroed: Bool = false) -> Matrix {
    let matrix = take(rows, columns)
    if zeroed { clear(matrix.base, count: matrix.count) }
    return matrix
  }

  /// A matrix with a copy of `elements` in row-major order.
  package func matrix(_ rows: Int, _ columns: Int, copying elements: [Float]) -> Matrix {
    precondition(elements.count == rows * columns, "as many elements as the shape has")
    let matrix = take(rows, columns)
    if computes { matrix.base.update(from: elements, count: elements.count) }
    return matrix
  }

  /// Resets the peak to the current live bytes.
  package func resetPeak() { peakBytes = liveBytes }

  /// Counts a product of [m, k] and [k, n].
  func countMatrixProduct(_ m: Int, _ n: Int, _ k: Int) {
    countKernel(flops: 2 * m * n * k, numbers: m * k + k * n + m * n)
  }

  /// Counts one kernel.
  ///
  /// - Parameters:
  ///   - flops: the operations of its matrix products.
  ///   - numbers: the number of float32 values read and written.
  package func countKernel(flops: Int = 0, numbers: Int) {
    countKernel(flops: flops, bytes: 4 * numbers)
  }

  func countKernel(flops: Int, bytes: Int) {
    matrixProductFLOPs += Int64(flops)
    if !computes, bytes > 0 { kernels.add(KernelWork(flops: flops, bytes: bytes)) }
  }

  private func take(_ rows: Int, _ columns: Int) -> Matrix {
    liveBytes += Int64(rows * columns) * 4
    peakBytes = max(peakBytes, liveBytes)
    guard computes else {
      return Matrix(rows: rows, columns: columns, block: nil, context: self)
    }
    let size = SizeClass(holding: rows * columns)
    if let matrix = matrices[size.index].popLast() {
      flora_allow_use(matrix.base, size.bytes)
      matrix.reuse(rows: rows, columns: columns, self)
      return matrix
    }
    let block = blocks[size.index].popLast() ?? allocate(size.capacity)
    flora_allow_use(block, size.bytes)
    return Matrix(rows: rows, columns: columns, block: block, context: self)
  }

  private func allocate(_ capacity: Int) -> UnsafeMutablePointer<Float> {
    allocations += 1
    var memory: UnsafeMutableRawPointer?
    let status = posix_memalign(&memory, 64, capacity * MemoryLayout<Float>.stride)
    guard status == 0, let memory else {
      // Fails like Swift's own allocations when memory is exhausted.
      FileHandle.standardError.write(
        Data("Fatal error: failed to allocate \(capacity * 4) bytes for a matrix\n".utf8))
      abort()
    }
    return memory.bindMemory(to: Float.self, capacity: capacity)
  }

  /// Takes back a matrix for reuse.
  func recycle(_ matrix: Matrix, isBlock: Bool) {
    liveBytes -= Int64(matrix.count) * 4
    guard isBlock else { return }
    let size = SizeClass(holding: matrix.count)
    Self.poison(matrix.base, size)
    matrices[size.index].append(matrix)
  }

  /// Frees the block of a recycled matrix that was not reused.
  static func free(_ block: UnsafeMutablePointer<Float>, holding count: Int) {
    flora_allow_use(block, SizeClass(holding: count).bytes)
    Foundation.free(block)
  }

  /// Makes use after recycling visible: as NaN in debug builds, as a report under Address
  /// Sanitizer.
  private static func poison(_ block: UnsafeMutablePointer<Float>, _ size: SizeClass) {
    #if DEBUG
      block.update(repeating: .nan, count: size.capacity)
    #endif
    flora_forbid_use(block, size.bytes)
  }

  /// Takes back the block of a deallocated matrix.
  func release(_ block: UnsafeMutablePointer<Float>?, count: Int) {
    liveBytes -= Int64(count) * 4
    guard let block else { return }
    let size = SizeClass(holding: count)
    Self.poison(block, size)
    blocks[size.index].append(block)
  }

  /// Capacities that grow by an eighth of their leading power of two, so that blocks of similar
  /// size are interchangeable.
  private struct SizeClass {
    let index: Int
    let capacity: Int

    static let count = 8 * Int.bitWidth

    var bytes: Int { capacity * MemoryLayout<Float>.stride }

    init(holding count: Int) {
      let count = max(64, count)
      let exponent = Int.bitWidth - 1 - count.leadingZeroBitCount
      let step = 1 << (exponent - 3)
      let steps = (count + step - 1) / step
      index = 8 * exponent + steps - 8
      capacity = steps * step
    }

    /// The size class at an index.
    init(index: Int) {
      self.index = index
      capacity = (index % 8 + 8) << (index / 8 - 3)
    }
  }

  /// The address of matrices and weights in a tracing context, which must not be accessed.
  package static var untouched: UnsafeMutablePointer<Float> {
    UnsafeMutablePointer(bitPattern: 1 << 12)!
  }
}
