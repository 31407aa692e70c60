/// Adagrad on the server: v += d^2 (Reddi et al., arXiv 2003.00295, Algorithm 2).
///
/// The paper's experiments use no first moment, which is the default.
public struct FedAdagrad: ServerStep {
  private var moments: AdaptiveMoments

  /// - Parameters:
  ///   - learningRate: eta, the server's learning rate.
  ///   - beta1: the decay rate of the first moment.
  ///   - tau: the degree of adaptivity, the smaller the more adaptive; positive.
  public init(learningRate: Float, beta1: Float = 0, tau: Float = 1e-3) {
    moments = AdaptiveMoments(learningRate: learningRate, beta1: beta1, tau: tau)
  }

  public mutating func step(_ version: [Float], along change: [Float]) -> [Float] {
    moments.step(version, along: change) { second, square in second + square }
  }
}
