import Fleet

extension Energy {
  /// Joules with microjoule precision, as written to tables: `12.000034`.
  public var decimalJoules: String {
    let fraction = String(microjoules % 1_000_000)
    return "\(microjoules / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.count) + fraction
  }
}
