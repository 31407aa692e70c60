import EventSimulation
import Fleet

/// Something that a device has spent.
package struct CostEntry: Sendable, Equatable {
  /// When it was booked: what it names was spent between the entry before for the same task and then.
  package let time: SimulationTime
  package let task: Int
  package let phase: TaskPhase
  /// Bytes of a transfer, or operations of training.
  package let amount: Int
  /// The bytes that travelled for those of a transfer, with framing and headers.
  package let wireBytes: Int
  /// Nil where the device's power is not known.
  package let energy: Energy?

  package init(
    time: SimulationTime, task: Int, phase: TaskPhase, amount: Int, wireBytes: Int = 0,
    energy: Energy?
  ) {
    self.time = time
    self.task = task
    self.phase = phase
    self.amount = amount
    self.wireBytes = wireBytes
    self.energy = energy
  }
}

/// Where entries go. They are only ever added.
package protocol CostBook: AnyObject {
  func book(_ entry: CostEntry)
}
