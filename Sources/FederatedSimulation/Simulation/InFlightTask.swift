import EventSimulation
import Fleet

/// A task between its selection and its end.
struct InFlightTask: Codable, Sendable {
  let plan: TaskPlan
  /// The hazard that the device still endures before it is lost.
  var endurance: Double
  var course: TaskCourse

  /// When in a phase the device is lost, in the device's own time since the phase began; nil where the
  /// phase ends before.
  func loss(in phase: TaskPhase) -> SimulationDuration? {
    let drawn = plan.loss.flatMap { $0.phase == phase ? $0.elapsed : nil }
    guard let hazard = plan.profile.hazard.time(for: endurance, in: phase),
      hazard < drawn ?? plan.timeline.duration(of: phase)
    else { return drawn }
    return hazard
  }

  /// Whether the task is lost even if nobody else is on the server's link.
  var isSurelyLost: Bool {
    guard plan.loss == nil, plan.profile.hazard != .none else { return plan.loss != nil }
    return TaskPhase.allCases.reduce(0) {
      $0 + plan.profile.hazard.hazard(of: plan.timeline.duration(of: $1), in: $1)
    } > endurance
  }

  /// Closes the books on the current phase, at its end or before.
  ///
  /// - Parameter active: how much of it the device was there.
  mutating func leavePhase(
    at time: SimulationTime, active: SimulationDuration, spent: TaskWork, energy: Energy
  ) {
    endurance -= plan.profile.hazard.hazard(of: active, in: course.phase)
    course.leave(at: time, spent: spent, energy: energy)
  }
}
