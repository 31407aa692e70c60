import CKernels

/// The activation between the two layers of a transformer's MLP.
public enum Activation: String, Codable, Sendable {
  /// x sigmoid(1.702 x), OpenAI's approximation.
  case quickGELU = "quick_gelu"
  /// x Phi(x), where Phi is the standard normal CDF (Hendrycks and Gimpel, 2016).
  case gelu

  /// Applies the activation to every element of `x`.
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

  /// Replaces the gradient of the output with that of the input `x`, in place.
  package func backward(_ gradient: Matrix, input x: Matrix, _ context: ComputeContext) {
    context.countKernel(numbers: 3 * x.count)
    guard context.computes else { return }
    switch self {
    case .quickGELU: flora_quick_gelu_backward(gradient.base, x.base, x.count)
    case .gelu: flora_gelu_backward(gradient.base, x.base, x.count)
    }
  }
}
