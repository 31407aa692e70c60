import Foundation

/// The state of a run: the content of a checkpoint.
package struct RunCheckpoint<Simulation: SimulationCheckpoint>: Codable {
  /// The summaries of the finished methods, in the scenario's order.
  package internal(set) var summaries: [MethodSummary] = []
  /// The number of events in their simulations.
  var events = 0
  /// When the run was first started.
  var startedAt = Date()
  /// The wall time so far in seconds, without interruptions.
  package var wallTime = 0.0
  /// The number of times the run was resumed.
  package var resumptions = 0
  /// The sizes of the tables.
  package internal(set) var tables = ResultsFolder.Lengths()
  /// The running method; nil between two methods.
  package var method: Method?

  package init() {}

  package struct Method: Codable {
    package var simulation: Simulation
    package let recorder: MethodRecorder.Record
  }
}

/// The state of a simulation while a method is running.
package protocol SimulationCheckpoint: Codable {
  /// The number of the current version.
  var version: Int { get }
}

extension RunOrigin {
  /// Must change with any part of a `RunCheckpoint`.
  static let checkpointFormat = "9"
}
