/// The place of an event in the order of a simulation.
@usableFromInline struct EventKey: Hashable, Comparable, Sendable {
  @usableFromInline let time: SimulationTime
  @usableFromInline let sequence: Int

  @inlinable init(time: SimulationTime, sequence: Int) {
    self.time = time
    self.sequence = sequence
  }

  @inlinable static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.time, lhs.sequence) < (rhs.time, rhs.sequence)
  }
}
