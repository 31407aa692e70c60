import DeviceTasks
import EventSimulation

/// Decides which devices to use, what to wait for and when to create a version.
///
/// A coordinator is independent of what is trained and how it is aggregated. It acts through a
/// `CoordinatedServer`, whose methods it may call from any of its own.
package protocol Coordinator: Codable, Sendable {
  /// Whether a device may still have a task in flight when the next devices are selected.
  var overlapsTasks: Bool { get }

  /// Starts at the beginning of virtual time.
  mutating func begin(_ server: any CoordinatedServer, at time: SimulationTime) throws

  /// Called when an alarm set by this coordinator is due.
  mutating func alarm(
    _ alarm: Alarm, _ server: any CoordinatedServer, at time: SimulationTime) throws

  /// The outcome of an update that has just arrived, if it is rejected; nil if it is used.
  ///
  /// - Parameters:
  ///   - base: the version that its client started from.
  ///   - current: the current version.
  func rejection(ofUpdateFrom base: Int, current: Int) -> TaskOutcome?

  /// Whether an update that arrives this long after its selection can never be used.
  func isTooLong(_ duration: SimulationDuration) -> Bool

  /// Called when a task has ended.
  mutating func taskEnded(
    _ end: TaskEnd, _ server: any CoordinatedServer, at time: SimulationTime) throws

  /// Called when the server has lost the updates received since its last version.
  mutating func updatesLost()
}

extension Coordinator {
  package mutating func updatesLost() {}

  package func isTooLong(_ duration: SimulationDuration) -> Bool { false }
}

/// The end of a task, as reported to a coordinator.
package struct TaskEnd: Sendable {
  /// The version that the task started from.
  package let baseVersion: Int
  /// `completed` if the algorithm received its update.
  package let outcome: TaskOutcome
  /// The edge that started the task; nil if devices connect to the server directly.
  package let edge: Int?

  package init(baseVersion: Int, outcome: TaskOutcome, edge: Int? = nil) {
    self.baseVersion = baseVersion
    self.outcome = outcome
    self.edge = edge
  }
}
