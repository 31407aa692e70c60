/// An event's position in the order of a simulation, with the event itself if it cannot be
/// cancelled.
@usableFromInline struct EventKey<Event: Sendable>: Comparable, Sendable {
  @usableFromInline let time: SimulationTime
  @usableFromInline let sequence: Int
  /// Nil if the event is in the queue's table.
  @usableFromInline let event: Event?

  @inlinable init(time: SimulationTime, sequence: Int, event: Event?) {
    self.time = time
    self.sequence = sequence
    self.event = event
  }

  @inlinable static func == (lhs: Self, rhs: Self) -> Bool { lhs.sequence == rhs.sequence }

  @inlinable static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.time, lhs.sequence) < (rhs.time, rhs.sequence)
  }
}
