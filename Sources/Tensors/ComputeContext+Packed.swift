import CKernels

/// Products with the weights of layers.
extension ComputeContext {
  /// c = start + a b, with b [a.columns, c.columns] packed.
  func multiply(
    _ a: Matrix, packed b: UnsafePointer<Float>, into c: Matrix, start: ProductStart
  ) {
    precondition(precision == .float32, "a weight packed for the products' precision")
    countMatrixProduct(a.rows, c.columns, a.columns)
    guard computes else { return }
    let (base, stride) = start.rows(c.base, columns: c.columns)
    flora_packed_product(c.base, base, stride, a.base, b, a.rows, c.columns, a.columns)
  }

  /// c = start + a weightᵀ, or a weight if not `transposed`, for a weight that changes before the
  /// next product.
  func multiply(
    _ a: Matrix, weight: MatrixView, transposed: Bool, into c: Matrix, start: ProductStart
  ) {
    #if !canImport(Accelerate)
      if precision == .float32 {
        countMatrixProduct(a.rows, c.columns, a.columns)
        guard computes, c.count > 0 else { return }
        let (base, stride) = start.rows(c.base, columns: c.columns)
        return multiply(
          a.view, .asIs, weight, transposed ? .transposed : .asIs, into: c.view, start: base,
          startStride: stride)
      }
    #endif
    if case .row(let row) = start { prefill(c, residual: nil, row: row) }
    var beta: Float = 1
    if case .nothing = start { beta = 0 }
    multiply(a.view, .asIs, weight, transposed ? .transposed : .asIs, into: c.view, beta: beta)
  }

  /// c += aᵀ b, with c [a.columns, b.columns]: the contribution of the rows to a weight's gradient.
  func addTransposedProduct(_ a: Matrix, _ b: Matrix, to c: UnsafeMutablePointer<Float>) {
    multiply(
      a.view, .transposed, b.view, .asIs,
      into: MatrixView(c, rows: a.columns, columns: b.columns), beta: 1)
  }
}
