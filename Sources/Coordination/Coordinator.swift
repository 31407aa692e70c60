import DeviceTasks
import EventSimulation

/// Decides who is asked, what is waited for and when a version is made.
///
/// A coordinator knows neither what is trained nor how it is aggregated. It acts through a `CoordinatedServer`, on
/// which it may call anything from within any of its methods.
package protocol Coordinator: Codable, Sendable {
  /// Whether a device may still be at work when the next are selected.
  var overlapsTasks: Bool { get }

  /// Begins, at the start of virtual time.
  mutating func begin(_ server: any CoordinatedServer, at time: SimulationTime) throws

  /// An alarm that this coordinator has set is due.
  mutating func alarm(
    _ alarm: Alarm, _ server: any CoordinatedServer, at time: SimulationTime) throws

  /// What becomes of an update that has just come; nil where it is used.
  ///
  /// - Parameters:
  ///   - base: the version that its client started from.
  ///   - current: the version now.
  func rejection(ofUpdateFrom base: Int, current: Int) -> TaskOutcome?

  /// Whether an update that takes so long after its selection is of use to nobody, whatever happens.
  func isTooLong(_ duration: SimulationDuration) -> Bool

  /// A task has ended.
  mutating func taskEnded(
    _ end: TaskEnd, _ server: any CoordinatedServer, at time: SimulationTime) throws

  /// The server has lost the updates that came since its last version.
  mutating func updatesLost()
}

extension Coordinator {
  package mutating func updatesLost() {}

  package func isTooLong(_ duration: SimulationDuration) -> Bool { false }
}

/// The end of a task, as a coordinator hears of it.
package struct TaskEnd: Sendable {
  /// The version that the task started from.
  package let baseVersion: Int
  /// `completed` where its update was given to the algorithm.
  package let outcome: TaskOutcome
  /// The edge whose task it was; nil where devices reach the server itself.
  package let edge: Int?

  package init(baseVersion: Int, outcome: TaskOutcome, edge: Int? = nil) {
    self.baseVersion = baseVersion
    self.outcome = outcome
    self.edge = edge
  }
}
