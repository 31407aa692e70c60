/// A row-major view of float32 memory that is kept alive elsewhere.
package struct MatrixView {
  package let base: UnsafeMutablePointer<Float>
  package let rows: Int
  package let columns: Int
  /// The distance between consecutive rows, in elements.
  package let stride: Int

  package init(
    _ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil
  ) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// Creates a read-only view; the matrix product accepts both kinds as one type.
  package init(reading base: UnsafePointer<Float>, rows: Int, columns: Int) {
    self.init(UnsafeMutablePointer(mutating: base), rows: rows, columns: columns)
  }

  /// The view of `rows` x `columns` whose first element is at `row`, `column` of this one.
  package func window(row: Int, column: Int, rows: Int, columns: Int) -> MatrixView {
    MatrixView(base + row * stride + column, rows: rows, columns: columns, stride: stride)
  }
}
