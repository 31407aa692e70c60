import EventSimulation

extension SimulationTime {
  /// Seconds to the nanosecond, as the tables write them: `12.000000034`.
  public var decimalSeconds: String { sinceStart.decimalSeconds }
}

extension SimulationDuration {
  /// Seconds to the nanosecond, as the tables write them.
  public var decimalSeconds: String {
    let fraction = String(nanoseconds % 1_000_000_000)
    return "\(nanoseconds / 1_000_000_000)."
      + String(repeating: "0", count: 9 - fraction.count) + fraction
  }
}
