import ArgumentParser
import Scenario

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of scenario files, for editors.",
    discussion:
      "Keep it as scenario.schema.json and write \"# yaml-language-server: $schema=scenario.schema.json\" at the top of a scenario."
  )

  func run() throws {
    print(try InputError.catching { try ScenarioSchema(keys: Scenario.keys()).json() })
  }
}
