import Foundation

/// How far a run has come: the content of a checkpoint.
struct RunRecord: Codable {
  /// Changes with whatever is part of it.
  static let format = "2"

  /// Of the methods that are finished, in the scenario's order.
  var summaries: [MethodSummary] = []
  /// Events of their simulations.
  var events = 0
  /// When the run was started for the first time.
  var startedAt = Date()
  /// What it has taken so far, without the time in which it did not run, in seconds.
  var wallTime = 0.0
  /// How often it has gone on from a checkpoint.
  var resumptions = 0
  /// How much of the tables is there.
  var tables = ResultsFolder.Lengths()
  /// The method that was running; nil between two.
  var method: Method?

  struct Method: Codable {
    let simulation: Simulation.Checkpoint
    let ledger: MethodLedger.Record
  }
}
