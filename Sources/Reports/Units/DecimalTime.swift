/// Whole nanoseconds as exact decimals of larger units.
enum DecimalTime {
  /// Seconds with nanosecond precision, as written to tables: `12.000000034`.
  static func seconds(_ nanoseconds: Int64) -> String { decimal(nanoseconds, digits: 9) }

  /// Microseconds with nanosecond precision, as written in trace events: `12000000.034`.
  static func microseconds(_ nanoseconds: Int64) -> String { decimal(nanoseconds, digits: 3) }

  private static func decimal(_ value: Int64, digits: Int) -> String {
    var unit: Int64 = 1
    for _ in 0..<digits { unit *= 10 }
    let rest = String(value.magnitude % unit.magnitude)
    return (value < 0 ? "-" : "") + "\(value.magnitude / unit.magnitude)."
      + String(repeating: "0", count: digits - rest.count) + rest
  }
}
