import CKernels

/// Products in bfloat16.
///
/// All except attention's use kernels whose sums have a fixed order, one pair of terms after
/// another: an element of the result depends only on its row and column, and has the same bits on
/// every processor.
extension ComputeContext {
  /// Like `multiply`, in bfloat16.
  func multiplyInBFloat16(
    _ a: MatrixView, _ aOperand: Operand, _ b: MatrixView, _ bOperand: Operand,
    into c: MatrixView, alpha: Float, beta: Float
  ) {
    let terms = bOperand == .asIs ? b.rows : b.columns
    let (termStride, columnStride) = bOperand == .asIs ? (b.stride, 1) : (1, b.stride)
    // Sums start with the existing values, or with zero. Everything else is applied afterwards,
    // including the case that c has no room for whole registers.
    let isDirect = c.columns % Self.lanes == 0 && alpha == 1 && (beta == 0 || beta == 1)
    let stride = Self.roundedUp(c.columns)
    let sumCount = isDirect ? 0 : c.rows * stride
    let isTransposed = aOperand == .transposed
    let packedCount = isTransposed ? 0 : flora_bfloat16_packed_count(terms, c.columns)
    let scratchCount =
      isTransposed
      ? flora_bfloat16_transposed_product_scratch(c.rows, terms)
      : flora_bfloat16_product_scratch(c.rows, terms)
    let space = packingSpace(sumCount + packedCount + scratchCount)
    guard computes, c.rows > 0, c.columns > 0 else { return }

    let sums = isDirect ? c.base : space
    let sumStride = isDirect ? c.stride : stride
    let start = isDirect && beta == 1 ? UnsafePointer(c.base) : nil
    let packed = words(space + sumCount)
    let scratch = packed + packedCount
    if isTransposed {
      flora_bfloat16_transposed_product(
        sums, sumStride, start, sumStride, a.base, a.stride, b.base, termStride, columnStride,
        c.rows, c.columns, terms, scratch)
    } else {
      flora_bfloat16_pack(packed, b.base, terms, c.columns, termStride, columnStride)
      flora_bfloat16_product(
        sums, sumStride, start, sumStride, a.base, a.stride, packed, c.rows, stride, terms, scratch)
    }
    if !isDirect {
      flora_bfloat16_combine(
        c.base, c.stride, sums, sumStride, c.rows, c.columns, alpha, beta)
    }
  }

  /// c = start + a b, with b [a.columns, c.columns] rounded and packed.
  func multiply(
    _ a: Matrix, packed b: UnsafePointer<UInt32>, into c: Matrix, start: ProductStart
  ) {
    precondition(precision == .bfloat16, "a weight packed for the products' precision")
    countKernel(
      flops: 2 * a.rows * c.columns * a.columns,
      bytes: 4 * (a.count + c.count) + 2 * a.columns * c.columns)
    let stride = Self.roundedUp(c.columns)
    let sumCount = stride == c.columns ? 0 : c.rows * stride
    let space = packingSpace(sumCount + flora_bfloat16_product_scratch(a.rows, a.columns))
    guard computes else { return }
    let scratch = words(space + sumCount)
    if sumCount == 0 {
      let (base, baseStride) = start.rows(c.base, columns: c.columns)
      flora_bfloat16_product(
        c.base, stride, base, baseStride, a.base, a.columns, b, a.rows, stride, a.columns, scratch)
    } else {
      if case .row(let row) = start { prefill(c, residual: nil, row: row) }
      var beta: Float = 1
      if case .nothing = start { beta = 0 }
      flora_bfloat16_product(
        space, stride, nil, 0, a.base, a.columns, b, a.rows, stride, a.columns, scratch)
      flora_bfloat16_combine(c.base, c.columns, space, stride, c.rows, c.columns, 1, beta)
    }
  }

  /// The operands of attention: rounded if products are in bfloat16, otherwise unchanged; valid
  /// until the next product.
  func operands(_ matrices: Matrix...) -> [UnsafePointer<Float>] {
    guard computes, precision == .bfloat16 else { return matrices.map { UnsafePointer($0.base) } }
    var target = packingSpace(matrices.reduce(0) { $0 + $1.count })
    return matrices.map { matrix in
      defer { target += matrix.count }
      flora_bfloat16_round(target, matrix.base, matrix.count)
      return UnsafePointer(target)
    }
  }

  private func words(_ base: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt32.self)
  }

  /// Columns of sums are written in whole registers.
  private static let lanes = 16

  private static func roundedUp(_ columns: Int) -> Int { (columns + lanes - 1) / lanes * lanes }
}
