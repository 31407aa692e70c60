import CKernels
import Tensors

/// A correction that a federated client adds to each gradient.
package struct GradientCorrection: Codable, Sendable {
  /// mu of FedProx, which pulls the client towards the version x that it started from: the gradient
  /// of mu/2 |w - x|^2 is mu (w - x) (Li et al., arXiv 1812.06127).
  package let proximal: Float
  /// c - c_i of SCAFFOLD, which corrects client drift (Karimireddy et al., arXiv 1910.06378); nil
  /// for none.
  package let drift: [Float]?

  package init(proximal: Float = 0, drift: [Float]? = nil) {
    self.proximal = proximal
    self.drift = drift
  }

  /// - Parameters:
  ///   - gradient, parameters: [1, parameters].
  ///   - start: x.
  package func apply(to gradient: Matrix, at parameters: Matrix, start: [Float]) {
    if proximal > 0 {
      flora_add_scaled_difference(
        gradient.base, parameters.base, start, proximal, gradient.count)
    }
    if let drift {
      precondition(drift.count == gradient.count, "a number for each parameter")
      flora_add_scaled(gradient.base, drift, 1, gradient.count)
    }
  }
}
