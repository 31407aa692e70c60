import Configuration
import Fleet

extension ConfigurationSection {
  /// A quantity shared by all devices, or the distribution from which each device draws it:
  /// `{ lognormal: { median: 60 GFLOPS, sigma: 0.5 } }`, `{ uniform: { low: 2 GB, high: 8 GB } }`,
  /// `{ quantiles: [1 GB, 2 GB, 4 GB] }`.
  ///
  /// The lower end of `uniform` and the quantiles may be zero if the type allows it; a median may
  /// not.
  ///
  /// - Parameter allowingZero: whether zero is valid as a shared value or as the upper end.
  func distribution<Value: WholeQuantity>(
    _ key: String, allowingZero: Bool = false
  ) -> QuantityDistribution<Value> {
    guard shape(of: key) == .section else {
      return .fixed(quantity(key, allowingZero: allowingZero))
    }
    let canBeZero = Value.smallest.baseUnits == 0
    let section = section(key)
    if section.has("lognormal") {
      let parameters = section.section("lognormal")
      return .lognormal(
        median: parameters.quantity("median"), sigma: parameters.number("sigma", in: 0...10))
    }
    if section.has("quantiles") {
      let faults = section.faultCount
      let quantiles: [Value] = section.quantities("quantiles", allowingZero: canBeZero)
      guard section.faultCount == faults else { return .quantiles(quantiles) }
      for (low, high) in zip(quantiles, quantiles.dropFirst()) where low > high {
        section.fault(at: "quantiles", "quantiles must ascend, but \(low) comes before \(high)")
      }
      return .quantiles(quantiles)
    }
    let parameters = section.section("uniform")
    let faults = parameters.faultCount
    let low: Value = parameters.quantity("low", allowingZero: canBeZero)
    let high: Value = parameters.quantity("high", allowingZero: allowingZero)
    guard parameters.faultCount == faults else { return .fixed(low) }
    guard low <= high else {
      parameters.fault(at: "high", "high is \(high), which is below low, \(low)")
      return .fixed(low)
    }
    return .uniform(low: low, high: high)
  }
}
