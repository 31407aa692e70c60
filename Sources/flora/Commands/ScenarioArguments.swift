import ArgumentParser
import FederatedSimulation
import Foundation

/// A scenario file, and what the command line changes in it.
struct ScenarioArguments: ParsableArguments {
  @Argument(help: "The scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(name: .customLong("set"), help: "Override a key, such as server.rounds=3; repeatable.")
  var overrides: [String] = []

  @Option(help: "Override the scenario's seed.")
  var seed: UInt32?

  func read() throws -> Scenario {
    try InputError.catching {
      try Scenario(
        file: URL(filePath: scenario), overrides: overrides + (seed.map { ["seed=\($0)"] } ?? []))
    }
  }
}
