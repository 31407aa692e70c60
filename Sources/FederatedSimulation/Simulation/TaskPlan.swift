import EventSimulation
import Fleet

/// What is known of a task when it starts, and never changes.
///
/// A class only so that tasks in flight, which change at every event, share it instead of copying it.
final class TaskPlan: Codable, Sendable {
  let client: Int
  /// The number of the version that it starts from.
  let baseVersion: Int
  /// What tells its random draws from those of the client's other tasks.
  let draw: Int
  let profile: DeviceProfile
  let need: TaskNeed
  let timeline: TaskTimeline
  /// Where the task is lost, if by a draw for the whole of it.
  let loss: TaskLoss?

  init(
    client: Int, baseVersion: Int, draw: Int, profile: DeviceProfile, need: TaskNeed,
    timeline: TaskTimeline, loss: TaskLoss?
  ) {
    self.client = client
    self.baseVersion = baseVersion
    self.draw = draw
    self.profile = profile
    self.need = need
    self.timeline = timeline
    self.loss = loss
  }

  /// When in a phase the device is lost, in the device's own time since the phase began; nil where the
  /// phase ends before.
  ///
  /// - Parameter endurance: the hazard that the device still endures when the phase begins.
  func loss(in phase: TaskPhase, enduring endurance: Double) -> SimulationDuration? {
    let drawn = loss.flatMap { $0.phase == phase ? $0.elapsed : nil }
    guard let hazard = profile.hazard.time(for: endurance, in: phase),
      hazard < drawn ?? timeline.duration(of: phase)
    else { return drawn }
    return hazard
  }

  /// Whether the task is lost even if nobody else is on the server's link.
  ///
  /// - Parameter endurance: the hazard that the device endures in all.
  func isSurelyLost(enduring endurance: Double) -> Bool {
    guard loss == nil, profile.hazard != .none else { return loss != nil }
    return TaskPhase.allCases.reduce(0) {
      $0 + profile.hazard.hazard(of: timeline.duration(of: $1), in: $1)
    } > endurance
  }
}
