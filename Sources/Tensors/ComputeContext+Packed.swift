import CKernels

/// Products whose right operand is packed into panels first, for processors where that is faster
/// than BLAS.
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
  /// next product. It is packed for this product only if there are enough rows, or if the precision
  /// is bfloat16.
  func multiply(
    _ a: Matrix, weight: MatrixView, transposed: Bool, into c: Matrix, start: ProductStart
  ) {
    let (k, n) = (a.columns, c.columns)
    guard precision == .float32, a.rows >= Self.rowsThatPayForPacking,
      n % flora_packed_panel() == 0, PackedWeight.pays
    else {
      if case .row(let row) = start { prefill(c, residual: nil, row: row) }
      var beta: Float = 1
      if case .nothing = start { beta = 0 }
      multiply(
        a.view, .asIs, weight, transposed ? .transposed : .asIs, into: c.view, beta: beta)
      return
    }
    let packed = packingSpace(k * n)
    if computes {
      flora_pack(
        packed, weight.base, k, n, transposed ? 1 : weight.stride, transposed ? weight.stride : 1)
    }
    multiply(a, packed: packed, into: c, start: start)
  }

  /// c += aᵀ b, with c [a.columns, b.columns]: the contribution of the rows to a weight's gradient.
  func addTransposedProduct(_ a: Matrix, _ b: Matrix, to c: UnsafeMutablePointer<Float>) {
    let (rows, columns) = (a.columns, b.columns)
    guard precision == .float32, rows * columns <= Self.largestResultInCache,
      columns % flora_packed_panel() == 0, PackedWeight.pays
    else {
      multiply(
        a.view, .transposed, b.view, .asIs, into: MatrixView(c, rows: rows, columns: columns),
        beta: 1)
      return
    }
    countMatrixProduct(rows, columns, a.rows)
    if computes { flora_add_transposed_product(c, a.base, b.base, rows, columns, a.rows) }
  }

  /// The number of elements that stay in the L2 cache while all rows are added to them.
  private static var largestResultInCache: Int { 1 << 17 }

  static var rowsThatPayForPacking: Int { 512 }
}
