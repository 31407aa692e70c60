/// Times in whole nanoseconds as decimals of larger units, without rounding.
enum DecimalTime {
  /// Seconds to the nanosecond, as the tables write them: `12.000000034`.
  static func seconds(_ nanoseconds: Int64) -> String { decimal(nanoseconds, digits: 9) }

  /// Microseconds to the nanosecond, as trace events write them: `12000000.034`.
  static func microseconds(_ nanoseconds: Int64) -> String { decimal(nanoseconds, digits: 3) }

  private static func decimal(_ value: Int64, digits: Int) -> String {
    var unit: Int64 = 1
    for _ in 0..<digits { unit *= 10 }
    let rest = String(value.magnitude % unit.magnitude)
    return (value < 0 ? "-" : "") + "\(value.magnitude / unit.magnitude)."
      + String(repeating: "0", count: digits - rest.count) + rest
  }
}
