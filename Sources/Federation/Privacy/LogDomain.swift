import Foundation

/// ln sum_i exp(x_i) without overflow; minus infinity for an empty sum.
func logSum(_ logarithms: [Double]) -> Double {
  guard let largest = logarithms.max(), largest.isFinite else {
    return logarithms.max() ?? -.infinity
  }
  return largest + log(logarithms.reduce(0) { $0 + exp($1 - largest) })
}

/// ln C(n, k).
func logBinomial(_ n: Int, _ k: Int) -> Double {
  logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/// ln n!, summed for small n and by Stirling's series (error below 1e-17) from 20 on.
///
/// Avoids the C library's log-gamma function, which also writes to a variable shared between
/// threads.
private func logFactorial(_ n: Int) -> Double {
  if n < 20 { return (0..<n).reduce(0) { $0 + log(Double($1 + 1)) } }
  let x = Double(n)
  let square = 1 / (x * x)
  let series =
    (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1_260 - square * (1.0 / 1_680)))) / x
  return (x + 0.5) * log(x) - x + log(2 * Double.pi) / 2 + series
}
