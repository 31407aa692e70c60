import Tensors

/// The common part of the three adaptive server optimizers (Reddi et al., arXiv 2003.00295,
/// Algorithm 2).
///
/// m = beta1 m + (1 - beta1) d; v by each optimizer's own rule; x += eta m / (sqrt(v) + tau). There
/// is no bias correction. m starts at zero and v at tau^2, the minimum that the algorithm allows,
/// so that no coordinate's first step is divided by less than 2 tau.
struct AdaptiveMoments: Sendable, Codable, Equatable {
  let learningRate: Float
  let beta1: Float
  let tau: Float
  private var first: [Float] = []
  private var second: [Float] = []

  init(learningRate: Float, beta1: Float, tau: Float) {
    precondition(tau > 0, "the steps' denominator needs to stay positive")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.tau = tau
  }

  /// - Parameter accumulate: computes the next second moment from the last one and the squared
  ///   change.
  mutating func step(
    _ version: [Float], along change: [Float],
    accumulate: @escaping @Sendable (_ second: Float, _ square: Float) -> Float
  ) -> [Float] {
    if first.isEmpty {
      first = [Float](repeating: 0, count: change.count)
      second = [Float](repeating: tau * tau, count: change.count)
    }
    LongVectors.update(&first) { [beta1] range, first in
      for index in range { first[index] = beta1 * first[index] + (1 - beta1) * change[index] }
    }
    LongVectors.update(&second) { range, second in
      for index in range {
        second[index] = accumulate(second[index], change[index] * change[index])
      }
    }
    return LongVectors.make(version.count) { [self] range, next in
      for index in range {
        let step = learningRate * first[index] / (second[index].squareRoot() + tau)
        (next + index).initialize(to: version[index] + step)
      }
    }
  }
}
