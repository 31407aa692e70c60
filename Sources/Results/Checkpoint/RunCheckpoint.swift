import Foundation

/// How far a run has come: the content of a checkpoint.
package struct RunCheckpoint<Simulation: SimulationCheckpoint>: Codable {
  /// Of the methods that are finished, in the scenario's order.
  package internal(set) var summaries: [MethodSummary] = []
  /// Events of their simulations.
  var events = 0
  /// When the run was started for the first time.
  var startedAt = Date()
  /// What it has taken so far, without the time in which it did not run, in seconds.
  package var wallTime = 0.0
  /// How often it has gone on from a checkpoint.
  package var resumptions = 0
  /// How much of the tables is there.
  package internal(set) var tables = ResultsFolder.Lengths()
  /// The method that was running; nil between two.
  package var method: Method?

  package init() {}

  package struct Method: Codable {
    package var simulation: Simulation
    package let recorder: MethodRecorder.Record
  }
}

/// What a simulation writes down in the midst of a method.
package protocol SimulationCheckpoint: Codable {
  /// The number of the current version.
  var version: Int { get }
}

extension RunOrigin {
  /// Changes with whatever is part of a `RunCheckpoint`.
  static let checkpointFormat = "8"
}
