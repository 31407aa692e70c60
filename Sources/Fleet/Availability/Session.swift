import EventSimulation

/// A stretch of time in which a device is there for training: from `start` up to, but not including,
/// `end`.
package struct Session: Hashable, Codable, Sendable {
  package var start: SimulationTime
  package var end: SimulationTime

  package init(start: SimulationTime, end: SimulationTime) {
    self.start = start
    self.end = end
  }
}
