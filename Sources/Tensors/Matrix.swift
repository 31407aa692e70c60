import Foundation

/// A dense row-major float32 matrix whose memory is managed by its context.
///
/// It belongs to the worker that owns the context. `recycle()` returns matrix and memory for the
/// next one of its size, so that repeating a step allocates nothing. A matrix that is not recycled
/// returns its memory when it is deallocated.
package final class Matrix {
  package private(set) var rows: Int
  package private(set) var columns: Int
  package let base: UnsafeMutablePointer<Float>
  /// The context to return the memory to; nil while the matrix is recycled.
  private var context: ComputeContext?
  private let ownership: Ownership

  private enum Ownership {
    /// A block of the context.
    case block
    /// The address of a tracing context, which is never accessed.
    case traced
    /// Memory that is kept alive elsewhere.
    case borrowed
  }

  /// Creates a matrix that owns a block of memory, or has none in a tracing context.
  init(
    rows: Int, columns: Int, block: UnsafeMutablePointer<Float>?, context: ComputeContext
  ) {
    self.rows = rows
    self.columns = columns
    self.context = context
    base = block ?? ComputeContext.untouched
    ownership = block == nil ? .traced : .block
  }

  /// Creates a read-only matrix on memory that is owned and kept alive elsewhere; not counted.
  package init(reading base: UnsafePointer<Float>, rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    self.base = UnsafeMutablePointer(mutating: base)
    ownership = .borrowed
  }

  deinit {
    guard ownership != .borrowed else { return }
    if let context {
      context.release(ownership == .block ? base : nil, count: count)
    } else if ownership == .block {
      ComputeContext.free(base, holding: count)
    }
  }

  /// Returns matrix and memory to the context. It must not be used afterwards: Address Sanitizer
  /// reports uses until the memory is reused, and debug builds fill it with NaN.
  package func recycle() {
    guard let context else { return }
    self.context = nil
    context.recycle(self, isBlock: ownership == .block)
  }

  /// Reuses a recycled matrix.
  func reuse(rows: Int, columns: Int, _ context: ComputeContext) {
    self.rows = rows
    self.columns = columns
    self.context = context
  }

  package var count: Int { rows * columns }

  /// A view of some of its rows.
  package func view(_ rows: Range<Int>) -> MatrixView {
    MatrixView(base + rows.lowerBound * columns, rows: rows.count, columns: columns)
  }

  package var view: MatrixView { MatrixView(base, rows: rows, columns: columns) }

  /// A copy of the elements, for results that leave the worker.
  package var elements: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
