/// A span of simulated time in whole nanoseconds.
///
/// Sums and differences saturate: a span beyond the range of 64 bits (292 years) is `unbounded`, so
/// that an absurdly slow device gives a task that never ends instead of a crash. A span is encoded
/// as its number of nanoseconds.
public struct SimulationDuration: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = SimulationDuration(nanoseconds: 0)

  /// The longest span, 292 years: anything that takes this long never ends.
  public static let unbounded = SimulationDuration(nanoseconds: .max)

  /// Seconds, for reports only.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

  public static func + (lhs: Self, rhs: Self) -> Self {
    Self(nanoseconds: lhs.nanoseconds.addingSaturated(rhs.nanoseconds))
  }

  public static func - (lhs: Self, rhs: Self) -> Self {
    Self(nanoseconds: lhs.nanoseconds.subtractingSaturated(rhs.nanoseconds))
  }

  public static func * (lhs: Self, rhs: Int) -> Self {
    let (product, overflows) = lhs.nanoseconds.multipliedReportingOverflow(by: Int64(rhs))
    return overflows ? .unbounded : Self(nanoseconds: product)
  }

  public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
}

extension SimulationDuration: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}
