/// The place of an event in the order of a simulation.
struct EventKey: Hashable, Comparable, Sendable {
  let time: SimulationTime
  let sequence: Int

  static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.time, lhs.sequence) < (rhs.time, rhs.sequence)
  }
}
