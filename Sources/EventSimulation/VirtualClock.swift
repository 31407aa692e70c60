/// The clock of a simulation. It advances only when told to, and never goes back.
public struct VirtualClock: Hashable, Codable, Sendable {
  @usableFromInline var instant: SimulationTime

  public init(now: SimulationTime = .zero) { instant = now }

  @inlinable public var now: SimulationTime { instant }

  /// Advances the clock to `time`, which must not be before `now`.
  @inlinable public mutating func advance(to time: SimulationTime) {
    precondition(time >= now, "simulated time cannot go back")
    instant = time
  }
}
