import EventSimulation

/// The progress of a task at its dropout, as a fraction of its total duration.
package struct DropoutMoment: Hashable, Codable, Sendable {
  /// The fraction in units of 2^-64, all of which are equally likely.
  package var fraction: UInt64

  package init(fraction: UInt64) { self.fraction = fraction }

  /// The instant: start + floor(duration * fraction), before `end` unless the task takes no time.
  package func instant(from start: SimulationTime, to end: SimulationTime) -> SimulationTime {
    precondition(start <= end, "a task cannot end before it starts")
    let duration = UInt64((end - start).nanoseconds)
    let elapsed = duration.multipliedFullWidth(by: fraction).high
    return start + SimulationDuration(nanoseconds: Int64(elapsed))
  }

  /// The instant of the dropout in `timeline`.
  package func instant(in timeline: TaskTimeline) -> SimulationTime {
    instant(from: timeline.start, to: timeline.uploadEnd)
  }
}
