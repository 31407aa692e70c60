import EventSimulation
import Fleet

/// The immutable properties of a task, known at its start.
///
/// A class so that tasks in flight, which change at every event, share it instead of copying it.
package final class TaskPlan: Codable, Sendable {
  /// The number of the version that it starts from.
  package let baseVersion: Int
  /// Distinguishes its random draws from those of the client's other tasks.
  package let taskSeed: Int
  package let profile: DeviceProfile
  package let need: TaskNeed
  package let timeline: TaskTimeline
  /// Where the device drops out, if drawn for the whole task.
  package let loss: TaskLoss?
  /// The edge of the device; nil if devices connect to the server directly.
  package let edge: EdgeOrigin?

  package init(
    baseVersion: Int, taskSeed: Int, profile: DeviceProfile, need: TaskNeed,
    timeline: TaskTimeline, loss: TaskLoss?, edge: EdgeOrigin? = nil
  ) {
    self.baseVersion = baseVersion
    self.taskSeed = taskSeed
    self.profile = profile
    self.need = need
    self.timeline = timeline
    self.loss = loss
    self.edge = edge
  }

  package var client: Int { profile.id }

  /// The active time in a phase after which the device drops out; nil if the phase ends before.
  ///
  /// - Parameter endurance: the remaining hazard until the dropout when the phase begins.
  func loss(in phase: TaskPhase, enduring endurance: Double) -> SimulationDuration? {
    let drawn = loss.flatMap { $0.phase == phase ? $0.elapsed : nil }
    guard let hazard = profile.hazard.time(for: endurance, in: phase),
      hazard < drawn ?? timeline.duration(of: phase)
    else { return drawn }
    return hazard
  }

  /// The minimum duration, if the device's own rates may exceed the planned ones.
  var leastDuration: SimulationDuration {
    timeline.downlink.latency + timeline.duration(of: .training) + timeline.uplink.latency
  }

  /// Whether the device drops out even without contention on the server's link.
  ///
  /// - Parameter endurance: the total hazard until the dropout.
  package func isSurelyLost(enduring endurance: Double) -> Bool {
    guard loss == nil, profile.hazard != .none else { return loss != nil }
    return TaskPhase.allCases.reduce(0) {
      $0 + profile.hazard.hazard(of: timeline.duration(of: $1), in: $1)
    } > endurance
  }
}

/// The version that an edge's task starts from. The task's base version is then the edge's number.
package struct EdgeOrigin: Codable, Sendable, Hashable {
  package let edge: Int
  /// The number of the cloud version that the edge last adopted.
  package let cloudVersion: Int
  /// The id of the version's parameters, unique across edges and the cloud.
  package let content: Int

  package init(edge: Int, cloudVersion: Int, content: Int) {
    self.edge = edge
    self.cloudVersion = cloudVersion
    self.content = content
  }
}

extension TaskPlan {
  /// The number of the server's version that the task belongs to.
  package var serverVersion: Int { edge?.cloudVersion ?? baseVersion }

  /// The id of the parameters that the task starts from.
  package var content: Int { edge?.content ?? baseVersion }

  /// The index of the shared link that the task uses.
  var link: Int { edge?.edge ?? 0 }
}

extension DeviceProfile {
  /// The energy of a phase after a given active time; nil if the device's power consumption is
  /// unknown.
  package func energy(
    of phase: TaskPhase, _ timeline: TaskTimeline, after active: SimulationDuration
  ) -> Energy? {
    power?.energy(
      in: phase, active: active, latency: timeline.link(of: phase)?.latency ?? .zero)
  }
}
