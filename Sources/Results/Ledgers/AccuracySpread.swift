/// The spread of the clients' accuracy.
public struct AccuracySpread: Codable, Sendable, Equatable {
  /// Over the clients, with equal weight whatever their number of samples.
  public let mean: Double
  /// The mean of the tenth of the clients, rounded up, with the lowest accuracy.
  public let worstDecile: Double
  /// The square root of the mean squared distance from the mean.
  public let standardDeviation: Double

  /// Nil if there are no clients.
  package init?(_ accuracies: [Double]) {
    guard !accuracies.isEmpty else { return nil }
    func mean(_ values: some Collection<Double>) -> Double {
      values.reduce(0, +) / Double(values.count)
    }
    // Sums in sorted order, so that they do not depend on the clients' numbers.
    let sorted = accuracies.sorted()
    let center = mean(sorted)
    self.mean = center
    worstDecile = mean(sorted.prefix((sorted.count + 9) / 10))
    standardDeviation = mean(sorted.map { ($0 - center) * ($0 - center) }).squareRoot()
  }
}
