extension Matrix {
  /// Some of the rows as a matrix on the same memory, which it does not keep alive.
  package func slice(_ rows: Range<Int>) -> Matrix {
    Matrix(reading: base + rows.lowerBound * columns, rows: rows.count, columns: columns)
  }
}
