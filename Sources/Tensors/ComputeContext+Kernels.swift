import CKernels
import Foundation

/// Elementwise and row-wise kernels; skipped by a tracing context.
extension ComputeContext {
  package func clear(_ base: UnsafeMutablePointer<Float>, count: Int) {
    countKernel(numbers: count)
    if computes { memset(base, 0, count * MemoryLayout<Float>.stride) }
  }

  package func copy(
    _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
  ) {
    countKernel(numbers: 2 * count)
    if computes { target.update(from: source, count: count) }
  }

  /// y = residual + row, for every row; either may be nil, and y is unchanged if both are.
  package func fill(_ y: Matrix, residual: Matrix?, row: UnsafePointer<Float>?) {
    if residual != nil || row != nil {
      countKernel(numbers: residual == nil ? y.count : 2 * y.count)
    }
    prefill(y, residual: residual, row: row)
  }

  /// Like `fill`, but not counted as a kernel of its own: whether a product needs it depends on the
  /// processor, and costs must not.
  func prefill(_ y: Matrix, residual: Matrix?, row: UnsafePointer<Float>?) {
    guard computes else { return }
    switch (residual, row) {
    case (let residual?, let row?): flora_add_row(y.base, residual.base, row, y.rows, y.columns)
    case (let residual?, nil): y.base.update(from: residual.base, count: y.count)
    case (nil, let row?): flora_fill_rows(y.base, row, y.rows, y.columns)
    case (nil, nil): break
    }
  }

  /// The given rows of x, [rows.count, x.columns].
  package func gather(_ x: Matrix, _ rows: [Int32]) -> Matrix {
    let y = matrix(rows.count, x.columns)
    countKernel(numbers: 2 * y.count)
    if computes { flora_gather_rows(y.base, x.base, rows, rows.count, x.columns) }
    return y
  }

  /// Gathers values that belong to paths, the same number of them for each step of a path.
  ///
  /// - Parameter asking: the path in `old` that each path in `new` copies.
  package func gatherPaths(
    _ x: Matrix, from old: TokenPaths, _ asking: [Int32], to new: TokenPaths
  ) -> Matrix {
    let share = x.count / max(1, old.rows.count)
    let y = matrix(1, share * new.rows.count)
    for (target, path) in asking.enumerated() {
      let source = Int(old.starts[Int(path)])
      let length = Int(old.starts[Int(path) + 1]) - source
      copy(
        x.base + share * source, to: y.base + share * Int(new.starts[target]),
        count: share * length)
    }
    return y
  }

  /// y[rows[i]] += x[i] for every row of x.
  package func scatterAdd(_ x: Matrix, to y: Matrix, _ rows: [Int32]) {
    precondition(x.rows == rows.count && x.columns == y.columns)
    countKernel(numbers: 3 * x.count)
    if computes { flora_scatter_add_rows(y.base, x.base, rows, rows.count, x.columns) }
  }

  /// sums += the column sums of x.
  package func addColumnSums(of x: Matrix, to sums: UnsafeMutablePointer<Float>) {
    countKernel(numbers: x.count + x.columns)
    if computes { flora_add_column_sums(sums, x.base, x.rows, x.columns) }
  }
}
