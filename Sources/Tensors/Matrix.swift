import Foundation

/// A dense row-major float32 matrix whose memory comes from, and goes back to, its context.
///
/// It belongs to the one worker that owns the context. `recycle()` gives matrix and memory back for the
/// next of its size, so that a step that was run once allocates nothing when it is run again; a matrix
/// that is dropped instead gives its memory back with its last reference.
package final class Matrix {
  package private(set) var rows: Int
  package private(set) var columns: Int
  package let base: UnsafeMutablePointer<Float>
  /// Where the memory goes back to; nil while the matrix waits to be used again.
  private var context: ComputeContext?
  private let ownership: Ownership

  private enum Ownership {
    /// A block of the context's.
    case block
    /// An address of a tracing context, which is never touched.
    case traced
    /// Something else keeps the memory alive.
    case borrowed
  }

  /// A matrix on a block of memory that it owns from now on, or on none in a tracing context.
  init(
    rows: Int, columns: Int, block: UnsafeMutablePointer<Float>?, context: ComputeContext
  ) {
    self.rows = rows
    self.columns = columns
    self.context = context
    base = block ?? ComputeContext.untouched
    ownership = block == nil ? .traced : .block
  }

  /// A matrix on memory that somebody else owns and keeps alive; it is only read, and not counted.
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

  /// Gives matrix and memory back; it must not be used any more, which Address Sanitizer sees until the memory is given
  /// out again, and debug builds make NaN of.
  package func recycle() {
    guard let context else { return }
    self.context = nil
    context.recycle(self, isBlock: ownership == .block)
  }

  /// Puts a recycled matrix to use again.
  func reuse(rows: Int, columns: Int, _ context: ComputeContext) {
    self.rows = rows
    self.columns = columns
    self.context = context
  }

  package var count: Int { rows * columns }

  /// A window on some of its rows.
  package func view(_ rows: Range<Int>) -> MatrixView {
    MatrixView(base + rows.lowerBound * columns, rows: rows.count, columns: columns)
  }

  package var view: MatrixView { MatrixView(base, rows: rows, columns: columns) }

  /// The elements, for results that leave the worker.
  package var elements: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
