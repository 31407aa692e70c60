/// A five-number summary of a distribution.
struct Quantiles: Equatable {
  let count: Int
  let least: Double
  /// The lower quartile.
  let lower: Double
  let median: Double
  /// The upper quartile.
  let upper: Double
  let most: Double

  /// Quantiles are interpolated linearly: the quantile of p is at index p (n - 1) of the sorted
  /// values.
  ///
  /// - Parameter values: at least one, in any order.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    func quantile(_ fraction: Double) -> Double {
      let place = fraction * Double(sorted.count - 1)
      let index = Int(place)
      let next = min(index + 1, sorted.count - 1)
      return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
    }
    count = sorted.count
    least = sorted[0]
    lower = quantile(0.25)
    median = quantile(0.5)
    upper = quantile(0.75)
    most = sorted[sorted.count - 1]
  }
}
