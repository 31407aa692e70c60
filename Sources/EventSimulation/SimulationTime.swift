/// An instant of simulated time in whole nanoseconds since the start of the run.
///
/// Sums and differences saturate like those of `SimulationDuration`. An instant is encoded as its
/// number of nanoseconds.
public struct SimulationTime: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The start of the run.
  public static let zero = SimulationTime(nanoseconds: 0)

  /// The last instant, 292 years after the start: an event at this time never occurs.
  public static let distantFuture = SimulationTime(nanoseconds: .max)

  /// Seconds since the start, for reports only.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// The time since the start of the run.
  public var sinceStart: SimulationDuration { SimulationDuration(nanoseconds: nanoseconds) }

  @inlinable public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.nanoseconds < rhs.nanoseconds
  }

  public static func + (time: Self, duration: SimulationDuration) -> Self {
    Self(nanoseconds: time.nanoseconds.addingSaturated(duration.nanoseconds))
  }

  public static func - (later: Self, earlier: Self) -> SimulationDuration {
    SimulationDuration(nanoseconds: later.nanoseconds.subtractingSaturated(earlier.nanoseconds))
  }
}

extension SimulationTime: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}
