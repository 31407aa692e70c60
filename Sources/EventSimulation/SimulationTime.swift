/// An instant of simulated time: whole nanoseconds since the start of the run.
public struct SimulationTime: Hashable, Comparable, Codable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The start of the run.
  public static let zero = SimulationTime(nanoseconds: 0)

  /// Seconds since the start, for reports; nothing is computed from it.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

  public static func + (time: Self, duration: SimulationDuration) -> Self {
    Self(nanoseconds: time.nanoseconds + duration.nanoseconds)
  }

  public static func - (later: Self, earlier: Self) -> SimulationDuration {
    SimulationDuration(nanoseconds: later.nanoseconds - earlier.nanoseconds)
  }
}
