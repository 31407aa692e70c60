extension Matrix {
  /// A slice of the rows that shares their memory without keeping it alive.
  package func slice(_ rows: Range<Int>) -> Matrix {
    Matrix(reading: base + rows.lowerBound * columns, rows: rows.count, columns: columns)
  }
}
