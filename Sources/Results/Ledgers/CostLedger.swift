import DeviceTasks
import EventSimulation
import Fleet

/// What was spent, booked when it is spent: the source of every cost in the tables.
///
/// Entries are only added. Rows of rounds.csv are what was booked since the row before, and the summary is the sum
/// of all; so that no row depends on when a task happens to end.
package final class CostLedger: CostBook {
  @exclusivity(unchecked) package private(set) var state = State()

  package struct State: Codable, Sendable {
    /// Since the last row.
    fileprivate(set) var current = RoundActivity()
    /// Of all rows before.
    fileprivate(set) var closed = RoundActivity()
  }

  package init() {}

  /// Goes on from what was written down.
  package func restore(_ state: State) { self.state = state }

  /// Since the last row.
  package var current: RoundActivity { state.current }

  /// Since the start.
  package var total: RoundActivity { state.closed + state.current }

  package func book(_ entry: CostEntry) { state.current.book(entry) }

  /// A device was selected.
  package func select(_ profile: DeviceProfile) {
    state.current.select(knowsPower: profile.power != nil)
  }

  /// A device that was selected does a task.
  package func start(peak: ByteCount) { state.current.start(peak: peak) }

  /// A task has ended, or a device that was selected could not begin one.
  ///
  /// - Parameters:
  ///   - spent: what was booked for it.
  ///   - energy: nil where the device's power is not known.
  package func end(
    _ outcome: TaskOutcome, spent: TaskWork = .zero, energy: Energy?, loss: Double? = nil,
    samples: Int = 0
  ) {
    state.current.end(outcome, spent: spent, energy: energy, loss: loss, samples: samples)
  }

  /// An edge has moved or used something.
  package func bookEdge(_ spent: EdgeSpending) { state.current.bookEdge(spent) }

  /// An edge's work with a version of the cloud's has ended.
  package func endEdge(_ outcome: EdgeRecord.Outcome) { state.current.endEdge(outcome) }

  /// Begins another row.
  package func closeRow() {
    state.closed = state.closed + state.current
    state.current = RoundActivity()
  }
}
