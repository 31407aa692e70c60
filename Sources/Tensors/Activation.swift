import CKernels

/// The nonlinearity between the two layers of a transformer's perceptron.
public enum Activation: String, Codable, Sendable {
  /// x sigmoid(1.702 x), OpenAI's approximation.
  case quickGELU = "quick_gelu"
  /// x Phi(x), with the normal distribution function Phi (Hendrycks and Gimpel, 2016).
  case gelu

  /// The activation of every element of `x`.
  package func forward(_ x: Matrix, _ context: ComputeContext) -> Matrix {
    let y = context.matrix(x.rows, x.columns)
    context.countKernel(numbers: 2 * x.count)
    guard context.computes else { return y }
    switch self {
    case .quickGELU: flora_quick_gelu_forward(y.base, x.base, x.count)
    case .gelu: flora_gelu_forward(y.base, x.base, x.count)
    }
    return y
  }

  /// Turns the gradient of the output into that of the input `x`, in place.
  package func backward(_ gradient: Matrix, input x: Matrix, _ context: ComputeContext) {
    context.countKernel(numbers: 3 * x.count)
    guard context.computes else { return }
    switch self {
    case .quickGELU: flora_quick_gelu_backward(gradient.base, x.base, x.count)
    case .gelu: flora_gelu_backward(gradient.base, x.base, x.count)
    }
  }
}
