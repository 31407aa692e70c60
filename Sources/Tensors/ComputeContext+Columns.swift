/// Kernels with a factor for each column; skipped by a tracing context.
extension ComputeContext {
  /// residual + x ⊙ factors + row, with the factors and the row [x.columns] for every row of x.
  package func scaleColumns(
    _ x: Matrix, by factors: UnsafePointer<Float>, adding residual: Matrix? = nil,
    row: UnsafePointer<Float>? = nil
  ) -> Matrix {
    let y = matrix(x.rows, x.columns)
    scaleColumns(x, by: factors, adding: residual, row: row, into: y)
    return y
  }

  /// Writes the result into y, which may be the residual.
  package func scaleColumns(
    _ x: Matrix, by factors: UnsafePointer<Float>, adding residual: Matrix? = nil,
    row: UnsafePointer<Float>? = nil, into y: Matrix
  ) {
    precondition(y.rows == x.rows && y.columns == x.columns, "matrices of one shape")
    countKernel(numbers: (residual == nil ? 2 : 3) * x.count + x.columns)
    guard computes else { return }
    let columns = x.columns
    for index in 0..<x.rows {
      let source = x.base + index * columns
      let target = y.base + index * columns
      if let residual {
        let old = residual.base + index * columns
        for column in 0..<columns {
          target[column] = old[column] + source[column] * factors[column]
        }
      } else {
        for column in 0..<columns { target[column] = source[column] * factors[column] }
      }
      if let row { for column in 0..<columns { target[column] += row[column] } }
    }
  }

  /// sums += scale ⊙ the column sums of a ⊙ b; without a scale, 1.
  package func addColumnProducts(
    of a: Matrix, _ b: Matrix, scale: UnsafePointer<Float>? = nil,
    to sums: UnsafeMutablePointer<Float>
  ) {
    precondition(a.rows == b.rows && a.columns == b.columns, "matrices of one shape")
    countKernel(numbers: 2 * a.count + a.columns)
    let products = matrix(1, a.columns, zeroed: false)
    defer { products.recycle() }
    guard computes else { return }
    let columns = a.columns
    products.base.update(repeating: 0, count: columns)
    for row in 0..<a.rows {
      let (left, right) = (a.base + row * columns, b.base + row * columns)
      for column in 0..<columns { products.base[column] += left[column] * right[column] }
    }
    for column in 0..<columns {
      sums[column] += products.base[column] * (scale?[column] ?? 1)
    }
  }
}
