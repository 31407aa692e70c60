import EventSimulation

extension SimulationTime {
  /// Seconds with nanosecond precision, as written to tables: `12.000000034`.
  public var decimalSeconds: String { sinceStart.decimalSeconds }
}

extension SimulationDuration {
  /// Seconds with nanosecond precision, as written to tables.
  public var decimalSeconds: String {
    let fraction = String(nanoseconds % 1_000_000_000)
    return "\(nanoseconds / 1_000_000_000)."
      + String(repeating: "0", count: 9 - fraction.count) + fraction
  }
}
