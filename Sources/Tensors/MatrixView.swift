/// A row-major window on float32 memory that something else keeps alive.
package struct MatrixView {
  package let base: UnsafeMutablePointer<Float>
  package let rows: Int
  package let columns: Int
  /// The distance between the starts of two rows, in elements.
  package let stride: Int

  package init(
    _ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil
  ) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// A window that is only read; the matrix product takes both kinds through one type.
  package init(reading base: UnsafePointer<Float>, rows: Int, columns: Int) {
    self.init(UnsafeMutablePointer(mutating: base), rows: rows, columns: columns)
  }

  /// The window of `rows` x `columns` whose first element is at `row`, `column` of this one.
  package func window(row: Int, column: Int, rows: Int, columns: Int) -> MatrixView {
    MatrixView(base + row * stride + column, rows: rows, columns: columns, stride: stride)
  }
}
