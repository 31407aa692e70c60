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
}
