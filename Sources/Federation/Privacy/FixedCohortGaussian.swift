import Foundation

/// A bound on the Rényi divergence of the Gaussian mechanism on a cohort of fixed size (Wang, Balle
/// and Kasiviswanathan, arXiv 1808.00087, Theorem 27).
///
/// With e(l) = l / (2 s^2), B(l) = E[(p/r - 1)^l] under r = N(0, s^2) and p = N(1, s^2), and
/// b(l) = (l - 1) e(l):
///
///     exp((a - 1) D_a) <= 1 + q^2 C(a, 2) min(4 (exp(e(2)) - 1), 2 exp(e(2)))
///       + sum_(l = 3 .. a) q^l C(a, l) min(4 sqrt(B(2 floor(l/2)) B(2 ceil(l/2))), 2 exp(b(l)))
///
/// Between integer orders, (a - 1) D_a is interpolated (Corollary 10). Above order 256, only the
/// second of each pair is used, as in public accountants.
struct FixedCohortGaussian {
  /// q, above 0 and below 1.
  let rate: Double
  /// s, in units of the sensitivity.
  let deviation: Double
  /// ln B(2), ln B(4), ... ln B(256).
  private let evenMoments: [Double]

  private static let lastExactOrder = 256

  init(rate: Double, deviation: Double) {
    self.rate = rate
    self.deviation = deviation
    evenMoments = stride(from: 2, through: Self.lastExactOrder, by: 2).map {
      Self.logMoment($0, deviation: deviation)
    }
  }

  func divergence(order: Double) -> Double {
    let below = order.rounded(.down)
    let share = order - below
    let bound = logMomentBound(Int(below))
    guard share > 0 else { return bound / (order - 1) }
    return ((1 - share) * bound + share * logMomentBound(Int(below) + 1)) / (order - 1)
  }

  /// The bound on (a - 1) D_a.
  private func logMomentBound(_ order: Int) -> Double {
    guard order > 1 else { return 0 }
    return logSum(
      [0]
        + (2...order).map { power in
          logBinomial(order, power) + Double(power) * log(rate)
            + min(difference(power, order: order), log(2) + tilt(power))
        })
  }

  /// The first of the pair of bounds on the term of a power.
  private func difference(_ power: Int, order: Int) -> Double {
    if power == 2 { return log(4) + tilt(2) + log1p(-exp(-tilt(2))) }
    guard order <= Self.lastExactOrder else { return .infinity }
    let lower = evenMoments[power / 2 - 1]
    let upper = evenMoments[(power + 1) / 2 - 1]
    return log(4) + (lower + upper) / 2
  }

  /// b(l) = l (l - 1) / (2 s^2); b(2) = e(2).
  private func tilt(_ power: Int) -> Double {
    Double(power * (power - 1)) / (2 * deviation * deviation)
  }

  /// ln E[(exp(t/s - 1/(2 s^2)) - 1)^l] over a standard normal t, for even l.
  ///
  /// Uses quadrature: the alternating sum to which the expectation expands loses all precision for
  /// large s. The integrand's logarithm has one peak on either side of its zero, with at least the
  /// curvature of the normal density's.
  private static func logMoment(_ power: Int, deviation: Double) -> Double {
    let side = Double(power).squareRoot()
    let reach = NormalExpectation(
      peaks: -side...(side + (Double(power) + 1) / deviation), step: 1.0 / 16)
    return reach.logarithm { t in
      let ratio = t / deviation - 1 / (2 * deviation * deviation)
      // ln |exp(x) - 1|, without overflow.
      let distance = ratio > 1 ? ratio + log1p(-exp(-ratio)) : log(abs(expm1(ratio)))
      return Double(power) * distance
    }
  }
}
