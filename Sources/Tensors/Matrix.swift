/// A dense row-major float32 matrix whose memory comes from, and goes back to, its context.
///
/// It belongs to the one worker that owns the context. Code whose peak memory is counted calls
/// `recycle()` where a matrix is done with, so that the count does not depend on when the compiler
/// releases a reference.
package final class Matrix {
  package let rows: Int
  package let columns: Int
  package let base: UnsafeMutablePointer<Float>
  private let context: ComputeContext
  private var recycled = false

  init(rows: Int, columns: Int, context: ComputeContext) {
    self.rows = rows
    self.columns = columns
    self.context = context
    base = context.allocate(count: rows * columns)
  }

  deinit { recycle() }

  /// Gives the memory back; the matrix must not be used any more.
  package func recycle() {
    guard !recycled else { return }
    recycled = true
    context.release(base, count: count)
  }

  package var count: Int { rows * columns }

  package var view: MatrixView { MatrixView(base, rows: rows, columns: columns) }

  /// The elements, for results that leave the worker.
  package var elements: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
