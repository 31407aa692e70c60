import Foundation

/// ln E[f(t)] over a standard normal t for a positive f, from ln f, without overflow.
///
/// Uses the trapezoidal rule. For functions analytic in a strip around the real line, its error
/// falls exponentially with the ratio of the strip's width to the step (Trefethen and Weideman,
/// "The exponentially convergent trapezoidal rule", 2014).
struct NormalExpectation {
  /// The range of the peaks of f(t) times the normal density; 14 beyond it, the product is below
  /// e^-98 of the peaks.
  let peaks: ClosedRange<Double>
  let step: Double

  func logarithm(_ logarithm: (Double) -> Double) -> Double {
    let first = Int(((peaks.lowerBound - 14) / step).rounded(.down))
    let last = Int(((peaks.upperBound + 14) / step).rounded(.up))
    let values = (first...last).map { index in
      let t = Double(index) * step
      return logarithm(t) - t * t / 2
    }
    return logSum(values) + log(step) - log(2 * Double.pi) / 2
  }
}
