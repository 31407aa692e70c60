import DeviceTasks
import EventSimulation
import Fleet

/// The costs, booked when they are incurred: the source of every cost in the tables.
///
/// Append-only. A row of rounds.csv contains what was booked since the previous row, and the
/// summary is the sum of all rows, so no row depends on when a task happens to end.
package final class CostLedger: CostBook {
  @exclusivity(unchecked) package private(set) var state = State()

  package struct State: Codable, Sendable {
    /// Since the last row.
    fileprivate(set) var current = RoundActivity()
    /// The sum of all previous rows.
    fileprivate(set) var closed = RoundActivity()
  }

  package init() {}

  /// Restores an encoded state.
  package func restore(_ state: State) { self.state = state }

  /// Since the last row.
  package var current: RoundActivity { state.current }

  /// Since the start.
  package var total: RoundActivity { state.closed + state.current }

  package func book(_ entry: CostEntry) { state.current.book(entry) }

  /// Records that a device was selected.
  package func select(_ profile: DeviceProfile) {
    state.current.select(knowsPower: profile.power != nil)
  }

  /// Records that a selected device started a task.
  package func start(peak: ByteCount) { state.current.start(peak: peak) }

  /// Records the end of a task, or that a selected device could not start one.
  ///
  /// - Parameters:
  ///   - spent: the work booked for it.
  ///   - energy: nil if the device's power consumption is unknown.
  package func end(
    _ outcome: TaskOutcome, spent: TaskWork = .zero, energy: Energy?, loss: Double? = nil,
    samples: Int = 0
  ) {
    state.current.end(outcome, spent: spent, energy: energy, loss: loss, samples: samples)
  }

  /// Counts what completed tasks spent as wasted: their edge's version was lost.
  package func waste(_ work: TaskWork, _ energy: Energy) { state.current.waste(work, energy) }

  /// Records an edge's traffic or energy.
  package func bookEdge(_ spent: EdgeSpending) { state.current.bookEdge(spent) }

  /// Records the end of an edge's work with a version of the cloud.
  package func endEdge(_ outcome: EdgeRecord.Outcome) { state.current.endEdge(outcome) }

  /// Starts a new row.
  package func closeRow() {
    state.closed = state.closed + state.current
    state.current = RoundActivity()
  }
}
