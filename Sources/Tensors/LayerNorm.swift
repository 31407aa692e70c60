import CKernels

/// Layer normalisation of each row: y = (x - mean) / sqrt(variance + epsilon) weight + bias.
package struct LayerNorm {
  package let weight: Parameter
  package let bias: Parameter
  package let epsilon: Float

  package init(weight: Parameter, bias: Parameter, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }

  package var isTrained: Bool { weight.isTrained || bias.isTrained }

  /// The mean and reciprocal deviation of each row, saved for the backward pass: [rows, 2].
  package typealias Statistics = Matrix

  package func forward(_ x: Matrix, _ context: ComputeContext) -> (y: Matrix, Statistics) {
    let y = context.matrix(x.rows, x.columns)
    let statistics = context.matrix(x.rows, 2)
    context.countKernel(numbers: 2 * x.count + statistics.count)
    if context.computes {
      flora_layer_norm_forward(
        y.base, statistics.base, x.base, weight.value, bias.value, x.rows, x.columns, epsilon)
    }
    return (y, statistics)
  }

  /// Adds the gradients of weight and bias, and writes (or, `accumulating`, adds) the gradient of
  /// the input.
  package func backward(
    _ dy: Matrix, input x: Matrix, _ statistics: Statistics, into dx: Matrix?,
    accumulating: Bool = false, _ context: ComputeContext
  ) {
    let written = dx.map { accumulating ? 2 * $0.count : $0.count } ?? 0
    context.countKernel(numbers: dy.count + x.count + statistics.count + written)
    guard context.computes else { return }
    flora_layer_norm_backward(
      dx?.base, accumulating, weight.gradient, bias.gradient, dy.base, x.base, statistics.base,
      weight.value, x.rows, x.columns)
  }
}
