/// The clock of a simulation. It stands still until it is advanced, and never goes back.
package struct VirtualClock: Hashable, Codable, Sendable {
  package private(set) var now: SimulationTime

  package init(now: SimulationTime = .zero) { self.now = now }

  /// Moves the clock to `time`, which must not lie before `now`.
  package mutating func advance(to time: SimulationTime) {
    precondition(time >= now, "simulated time cannot go back")
    now = time
  }
}
