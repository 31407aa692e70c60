import EventSimulation

/// The point in a task's progress at which its device drops out.
package struct TaskLoss: Hashable, Codable, Sendable {
  package let phase: TaskPhase
  /// The elapsed time of the phase, without contention and interruptions.
  package let elapsed: SimulationDuration

  /// The point in `timeline` at the given moment.
  package init(_ moment: DropoutMoment, in timeline: TaskTimeline) {
    let instant = moment.instant(in: timeline)
    phase = timeline.phase(at: instant) ?? .upload
    elapsed = instant - timeline.start(of: phase)
  }
}
