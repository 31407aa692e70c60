import ArgumentParser
import FederatedSimulation

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report every fault of a scenario, with line, column, key and the mend.")

  @OptionGroup var input: ScenarioArguments

  func run() throws {
    let scenario = try input.read()
    _ = try InputError.catching { try Experiment(scenario) }
    print("\(input.scenario) is a scenario that can be run.")
  }
}
