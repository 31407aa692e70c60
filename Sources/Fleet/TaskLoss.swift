import EventSimulation

/// The point of a task's course at which its device is lost.
package struct TaskLoss: Hashable, Codable, Sendable {
  package let phase: TaskPhase
  /// How far the phase has come, in the time that it takes without contention and interruption.
  package let elapsed: SimulationDuration

  /// The point at which `timeline` is at the moment.
  package init(_ moment: DropoutMoment, in timeline: TaskTimeline) {
    let instant = moment.instant(in: timeline)
    phase = timeline.phase(at: instant) ?? .upload
    elapsed = instant - timeline.start(of: phase)
  }
}
