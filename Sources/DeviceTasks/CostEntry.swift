import EventSimulation
import Fleet

/// A cost incurred by a device.
package struct CostEntry: Sendable, Equatable {
  /// The booking time: the cost was incurred between the task's previous entry and this time.
  package let time: SimulationTime
  package let task: Int
  package let phase: TaskPhase
  /// Bytes of a transfer, or operations of training.
  package let amount: Int
  /// The transfer's bytes on the wire, including framing and headers.
  package let wireBytes: Int
  /// Nil if the device's power consumption is unknown.
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

/// An append-only receiver of cost entries.
package protocol CostBook: AnyObject {
  func book(_ entry: CostEntry)
}
