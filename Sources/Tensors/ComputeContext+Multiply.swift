#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

extension ComputeContext {
  package enum Operand {
    case asIs, transposed
  }

  /// c = alpha op(a) op(b) + beta c, with BLAS if the precision is float32.
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
    cblas_sgemm(
      CblasRowMajor, aOperand == .asIs ? CblasNoTrans : CblasTrans,
      bOperand == .asIs ? CblasNoTrans : CblasTrans, .init(m), .init(n), .init(k), alpha, a.base,
      .init(a.stride), b.base, .init(b.stride), beta, c.base, .init(c.stride))
  }
}
