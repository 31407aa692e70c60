import ArgumentParser
import Foundation
import Scenario

/// A scenario file with command-line overrides.
struct ScenarioArguments: ParsableArguments {
  @Argument(help: "The scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(name: .customLong("set"), help: "Override a key, such as server.rounds=3. Repeatable.")
  var overrides: [String] = []

  @Option(help: "Override the scenario's seed.")
  var seed: UInt64?

  /// All scenarios of the file.
  func sweep() throws -> ScenarioSweep {
    let sweep = try InputError.catching {
      try ScenarioSweep(
        file: URL(filePath: scenario), overrides: overrides + (seed.map { ["seed=\($0)"] } ?? []))
    }
    if seed != nil, sweep.keys.contains("seed") {
      throw InputError(
        description:
          "flora: --seed has no effect, because the scenario sweeps seed; change sweep.seed, or remove --seed"
      )
    }
    for override in overrides {
      let path = override.prefix { $0 != "=" }
      guard let key = sweep.keys.first(where: { path == $0 || path.hasPrefix("\($0).") }) else {
        continue
      }
      throw InputError(
        description:
          "flora: --set \(path) has no effect, because the scenario sweeps \(key); change sweep.\(key), or remove --set \(path)"
      )
    }
    return sweep
  }

  /// The only scenario of the file, or the first of its sweep.
  func read() throws -> Scenario { try sweep().points[0].scenario }
}
