/// Statistics of a measure over the runs with different seeds.
struct SeedStatistics: Equatable {
  let mean: Double
  /// The sample standard deviation; nil for a single run.
  let deviation: Double?
  /// Half the width of the mean's 95 % confidence interval by Student's t; nil for a single run.
  let interval: Double?

  /// - Parameter values: at least one.
  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    guard values.count > 1 else {
      deviation = nil
      interval = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    self.deviation = deviation
    interval =
      StudentDistribution.quantile(0.975, degreesOfFreedom: values.count - 1) * deviation
      / count.squareRoot()
  }
}
