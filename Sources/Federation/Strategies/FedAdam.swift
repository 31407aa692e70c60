/// Adam on the server: v = beta2 v + (1 - beta2) d^2 (Reddi et al., arXiv 2003.00295, Algorithm 2).
public struct FedAdam: ServerStep {
  public let beta2: Float
  private var moments: AdaptiveMoments

  /// - Parameters:
  ///   - learningRate: eta, the server's learning rate.
  ///   - beta1: the decay rate of the first moment.
  ///   - beta2: the decay rate of the second moment.
  ///   - tau: the degree of adaptivity, the smaller the more adaptive; positive.
  public init(learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.99, tau: Float = 1e-3) {
    self.beta2 = beta2
    moments = AdaptiveMoments(learningRate: learningRate, beta1: beta1, tau: tau)
  }

  public mutating func step(_ version: [Float], along change: [Float]) -> [Float] {
    moments.step(version, along: change) { [beta2] second, square in
      beta2 * second + (1 - beta2) * square
    }
  }
}
