import CKernels
import Foundation

/// The elementwise and row-wise kernels; each is skipped by a tracing context.
extension ComputeContext {
  package func clear(_ base: UnsafeMutablePointer<Float>, count: Int) {
    if computes { memset(base, 0, count * MemoryLayout<Float>.stride) }
  }

  package func copy(
    _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
  ) {
    if computes { target.update(from: source, count: count) }
  }

  /// y += x
  package func add(_ x: Matrix, to y: Matrix) {
    precondition(x.count == y.count)
    if computes { flora_add(y.base, x.base, x.count) }
  }

  /// y += bias for every row.
  package func addRow(_ bias: UnsafePointer<Float>, to y: Matrix) {
    if computes { flora_add_row(y.base, bias, y.rows, y.columns) }
  }

  /// sums += the sums over the rows of x.
  package func addColumnSums(of x: Matrix, to sums: UnsafeMutablePointer<Float>) {
    if computes { flora_add_column_sums(sums, x.base, x.rows, x.columns) }
  }

  /// Softmax of each row in place; with `causal`, row i sees columns 0...i.
  func softmax(_ scores: MatrixView, causal: Bool) {
    if computes { flora_softmax_forward(scores.base, scores.rows, scores.columns, causal) }
  }

  func softmaxBackward(_ gradient: MatrixView, softmax: MatrixView) {
    if computes {
      flora_softmax_backward(gradient.base, softmax.base, gradient.rows, gradient.columns)
    }
  }
}
