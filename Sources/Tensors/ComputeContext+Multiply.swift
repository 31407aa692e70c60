#if canImport(Accelerate)
  import Accelerate
#else
  import CKernels
#endif

extension ComputeContext {
  package enum Operand {
    case asIs, transposed
  }

  /// c = alpha op(a) op(b) + beta c.
  ///
  /// op(a) is [m, k], op(b) [k, n], c [m, n]; 2 m n k floating-point operations.
  package func multiply(
    _ a: MatrixView, _ aOperand: Operand = .asIs, _ b: MatrixView, _ bOperand: Operand = .asIs,
    into c: MatrixView, alpha: Float = 1, beta: Float = 0
  ) {
    let m = aOperand == .asIs ? a.rows : a.columns
    let k = aOperand == .asIs ? a.columns : a.rows
    let n = bOperand == .asIs ? b.columns : b.rows
    precondition(
      k == (bOperand == .asIs ? b.rows : b.columns) && c.rows == m && c.columns == n,
      "a product of matrices whose shapes fit")
    countMatrixProduct(m, n, k)
    if precision == .bfloat16 {
      return multiplyInBFloat16(a, aOperand, b, bOperand, into: c, alpha: alpha, beta: beta)
    }
    guard computes, m > 0, n > 0 else { return }
    #if canImport(Accelerate)
      cblas_sgemm(
        CblasRowMajor, aOperand == .asIs ? CblasNoTrans : CblasTrans,
        bOperand == .asIs ? CblasNoTrans : CblasTrans, .init(m), .init(n), .init(k), alpha, a.base,
        .init(a.stride), b.base, .init(b.stride), beta, c.base, .init(c.stride))
    #else
      if beta != 0, beta != 1 {
        for row in 0..<m {
          for column in 0..<n { c.base[row * c.stride + column] *= beta }
        }
      }
      multiply(
        a, aOperand, b, bOperand, into: c, start: beta == 0 ? nil : UnsafePointer(c.base),
        startStride: c.stride, alpha: alpha)
    #endif
  }

  #if !canImport(Accelerate)
    /// c = start + alpha op(a) op(b) with this package's kernels; not counted.
    func multiply(
      _ a: MatrixView, _ aOperand: Operand, _ b: MatrixView, _ bOperand: Operand,
      into c: MatrixView, start: UnsafePointer<Float>?, startStride: Int, alpha: Float = 1
    ) {
      let terms = aOperand == .asIs ? a.columns : a.rows
      flora_multiply(
        c.base, c.stride, start, startStride, alpha,
        a.base, aOperand == .asIs ? a.stride : 1, aOperand == .asIs ? 1 : a.stride,
        b.base, bOperand == .asIs ? b.stride : 1, bOperand == .asIs ? 1 : b.stride,
        c.rows, c.columns, terms,
        packingSpace(flora_multiply_scratch(c.rows, c.columns, terms)))
    }
  #endif
}
