import Foundation

/// Student's t distribution.
enum StudentDistribution {
  /// The quantile of a fraction of at least 0.5, for the given degrees of freedom.
  ///
  /// By bisection of P(T < t) = 1 - I(v / (v + t^2); v/2, 1/2) / 2, where I is the regularized
  /// incomplete beta function.
  static func quantile(_ fraction: Double, degreesOfFreedom: Int) -> Double {
    precondition((0.5..<1).contains(fraction) && degreesOfFreedom > 0)
    let v = Double(degreesOfFreedom)
    var (low, high) = (0.0, 1.0)
    func cumulative(_ t: Double) -> Double {
      1 - regularizedBeta(v / (v + t * t), v / 2, 0.5) / 2
    }
    while cumulative(high) < fraction { high *= 2 }
    for _ in 0..<200 where low.nextUp < high {
      let middle = (low + high) / 2
      if cumulative(middle) < fraction { low = middle } else { high = middle }
    }
    return high
  }

  /// I(x; a, b), by Lentz's method on its continued fraction (Press et al., "Numerical Recipes",
  /// section 6.4).
  private static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 || x >= 1 { return x <= 0 ? 0 : 1 }
    guard x <= (a + 1) / (a + b + 2) else { return 1 - regularizedBeta(1 - x, b, a) }
    let logarithm = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    var c = 1.0
    var d = 1 / (1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...10_000 {
      let m = Double(step)
      for term in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / (1 + term * d)
        c = 1 + term / c
        fraction *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return exp(logarithm) * fraction / a
  }
}
