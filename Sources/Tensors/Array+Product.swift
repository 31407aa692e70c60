/// alpha times the product of [rows, inner] and [inner, columns].
package func product(
  _ left: [Float], _ right: [Float], rows: Int, inner: Int, columns: Int, alpha: Float = 1
) -> [Float] {
  var result = [Float](repeating: 0, count: rows * columns)
  addProduct(
    left[...], right[...], to: &result, at: 0, rows: rows, inner: inner, columns: columns,
    alpha: alpha)
  return result
}

/// Adds alpha times the product of [rows, inner] and [inner, columns] to the elements of `result`
/// from `offset` on.
package func addProduct(
  _ left: ArraySlice<Float>, _ right: ArraySlice<Float>, to result: inout [Float], at offset: Int,
  rows: Int, inner: Int, columns: Int, alpha: Float
) {
  precondition(offset + rows * columns <= result.count, "a place for the product")
  result.withUnsafeMutableBufferPointer { result in
    guard let base = result.baseAddress else { return }
    addProduct(
      left, right, to: base + offset, rows: rows, inner: inner, columns: columns, alpha: alpha)
  }
}

/// Adds alpha times the product of [rows, inner] and [inner, columns] to the elements at `result`.
package func addProduct(
  _ left: ArraySlice<Float>, _ right: ArraySlice<Float>, to result: UnsafeMutablePointer<Float>,
  rows: Int, inner: Int, columns: Int, alpha: Float
) {
  precondition(
    left.count == rows * inner && right.count == inner * columns, "matrices whose shapes fit")
  guard rows * inner * columns > 0 else { return }
  left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      ComputeContext().multiply(
        MatrixView(reading: left.baseAddress!, rows: rows, columns: inner), .asIs,
        MatrixView(reading: right.baseAddress!, rows: inner, columns: columns), .asIs,
        into: MatrixView(result, rows: rows, columns: columns), alpha: alpha, beta: 1)
    }
  }
}
