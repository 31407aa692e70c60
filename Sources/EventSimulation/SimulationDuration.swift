/// A span of simulated time in whole nanoseconds.
public struct SimulationDuration: Hashable, Comparable, Codable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = SimulationDuration(nanoseconds: 0)

  /// Seconds, for reports; nothing is computed from it.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

  public static func + (lhs: Self, rhs: Self) -> Self {
    Self(nanoseconds: lhs.nanoseconds + rhs.nanoseconds)
  }

  public static func - (lhs: Self, rhs: Self) -> Self {
    Self(nanoseconds: lhs.nanoseconds - rhs.nanoseconds)
  }
}
