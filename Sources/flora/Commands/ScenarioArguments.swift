import ArgumentParser
import Foundation
import Scenario

/// A scenario file, and what the command line changes in it.
struct ScenarioArguments: ParsableArguments {
  @Argument(help: "The scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(name: .customLong("set"), help: "Override a key, such as server.rounds=3. Repeatable.")
  var overrides: [String] = []

  @Option(help: "Override the scenario's seed.")
  var seed: UInt32?

  /// All scenarios of the file.
  func sweep() throws -> ScenarioSweep {
    try InputError.catching {
      try ScenarioSweep(
        file: URL(filePath: scenario), overrides: overrides + (seed.map { ["seed=\($0)"] } ?? []))
    }
  }

  /// The only scenario of the file, or the first of its sweep.
  func read() throws -> Scenario { try sweep().points[0].scenario }
}
