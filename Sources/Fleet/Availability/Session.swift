import EventSimulation

/// A period in which a device is online for training: from `start` up to, but not including, `end`.
package struct Session: Hashable, Codable, Sendable {
  package var start: SimulationTime
  package var end: SimulationTime

  package init(start: SimulationTime, end: SimulationTime) {
    self.start = start
    self.end = end
  }
}
