import Foundation

/// The Rényi divergence of the Gaussian mechanism on a Poisson sample (Mironov, Talwar and Zhang, arXiv
/// 1908.10530, section 3.3).
///
/// D_a = ln A_a / (a - 1), with A_a the a-th moment of ((1 - q) N(0, s^2) + q N(1, s^2)) / N(0, s^2)
/// under N(0, s^2).
struct PoissonSampledGaussian {
  /// q, above 0 and below 1.
  let rate: Double
  /// s, in units of the sensitivity.
  let deviation: Double

  func divergence(order: Double) -> Double {
    let logMoment =
      order == order.rounded() ? wholeMoment(Int(order)) : fractionalMoment(order)
    return logMoment / (order - 1)
  }

  /// ln sum_k C(a, k) (1 - q)^(a - k) q^k exp((k^2 - k) / (2 s^2)).
  private func wholeMoment(_ order: Int) -> Double {
    logSum(
      (0...order).map { k in
        logBinomial(order, k) + Double(k) * log(rate) + Double(order - k) * log1p(-rate)
          + Double(k * (k - 1)) / (2 * deviation * deviation)
      })
  }

  /// ln E[(1 - q + q exp(t/s - 1/(2 s^2)))^a] over a standard normal t.
  ///
  /// Computes the expectation directly instead of the paper's two binomial series, whose terms
  /// beyond the order decay only polynomially and alternate in sign; accountants that sum their
  /// magnitudes report larger values.
  private func fractionalMoment(_ order: Double) -> Double {
    // The slope of the power's logarithm is at most a/s, and its zeros stay pi s off the real axis.
    let reach = NormalExpectation(
      peaks: 0...(order / deviation), step: min(1, deviation) / 16)
    return reach.logarithm { t in
      let ratio = t / deviation - 1 / (2 * deviation * deviation)
      return order * logSum([log1p(-rate), log(rate) + ratio])
    }
  }
}
