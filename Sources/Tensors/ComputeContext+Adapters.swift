import CKernels

/// Elementwise kernels of feature adapters; skipped by a tracing context.
extension ComputeContext {
  /// Replaces x with tanh x.
  package func tanh(_ x: Matrix) {
    countKernel(numbers: 2 * x.count)
    if computes { flora_tanh_forward(x.base, x.count) }
  }

  /// Replaces the gradient of y = tanh x with that of x, in place.
  package func tanhBackward(_ gradient: Matrix, output y: Matrix) {
    countKernel(numbers: 3 * y.count)
    if computes { flora_tanh_backward(gradient.base, y.base, y.count) }
  }

  /// Replaces x with max(x, 0).
  package func rectify(_ x: Matrix) {
    countKernel(numbers: 2 * x.count)
    if computes { flora_relu_forward(x.base, x.count) }
  }

  /// Replaces the gradient of scale y, with y = max(x, 0), with that of x, in place.
  package func rectifyBackward(_ gradient: Matrix, output y: Matrix, scale: Float = 1) {
    countKernel(numbers: 3 * y.count)
    if computes { flora_relu_backward(gradient.base, y.base, y.count, scale) }
  }

  /// ratio a + (1 - ratio) x.
  package func mix(_ a: Matrix, _ x: Matrix, ratio: Float) -> Matrix {
    let y = matrix(x.rows, x.columns)
    countKernel(numbers: 3 * y.count)
    if computes { flora_mix(y.base, a.base, x.base, ratio, y.count) }
    return y
  }

  /// softmax(scores) x, element by element; replaces `scores` with the softmax of each row.
  package func gate(_ x: Matrix, by scores: Matrix) -> Matrix {
    let y = matrix(x.rows, x.columns)
    countKernel(numbers: 4 * y.count)
    if computes {
      flora_softmax_gate_forward(y.base, scores.base, x.base, x.rows, x.columns)
    }
    return y
  }

  /// Replaces the gradient of `gate` with that of the scores, in place; the gate is their softmax.
  package func gateBackward(_ gradient: Matrix, gate: Matrix, input x: Matrix) {
    countKernel(numbers: 4 * x.count)
    guard computes else { return }
    flora_softmax_gate_backward(gradient.base, gate.base, x.base, x.rows, x.columns)
  }
}
