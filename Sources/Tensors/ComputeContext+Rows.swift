/// Copying and scaling of whole matrices; skipped by a tracing context.
extension ComputeContext {
  /// y = x, with the same shape.
  package func copyRows(_ x: Matrix, to y: Matrix) {
    precondition(x.rows == y.rows && x.columns == y.columns)
    copy(x.base, to: y.base, count: x.count)
  }

  /// x *= factor
  package func scale(_ x: Matrix, by factor: Float) {
    countKernel(numbers: 2 * x.count)
    guard computes else { return }
    for index in 0..<x.count { x.base[index] *= factor }
  }
}
