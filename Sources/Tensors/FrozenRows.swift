/// Rows that are computed once and then only read, by any worker.
package final class FrozenRows: @unchecked Sendable {
  package let count: Int
  package let columns: Int
  // Written only by the initialiser.
  private let base: UnsafeMutablePointer<Float>

  /// Copies the rows of `matrix`, or those selected by `rows`.
  package init(copying matrix: Matrix, rows: [Int32]? = nil) {
    count = rows?.count ?? matrix.rows
    columns = matrix.columns
    base = .allocate(capacity: max(1, count * columns))
    guard let rows else {
      base.initialize(from: matrix.base, count: count * columns)
      return
    }
    for (target, row) in rows.enumerated() {
      (base + target * columns).initialize(
        from: matrix.base + Int(row) * columns, count: columns)
    }
  }

  deinit { base.deallocate() }

  /// A copy of the selected rows.
  package func gathering(_ rows: [Int32]) -> FrozenRows {
    FrozenRows(copying: matrix, rows: rows)
  }

  /// The rows as a matrix, which must not outlive them.
  package var matrix: Matrix { Matrix(reading: base, rows: count, columns: columns) }
}
