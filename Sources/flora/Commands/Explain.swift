import ArgumentParser
import Scenario

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a scenario key: meaning, units, default, source.",
    discussion:
      "A key is named by its path, such as server.cohort or methods.rank, or by its last word. Without one, all keys are listed."
  )

  @Argument(help: "The key's path, or its last word.")
  var key: String?

  @Flag(help: "Print the reference of all keys as Markdown.")
  var markdown = false

  func run() throws {
    let reference = try InputError.catching { ScenarioReference(keys: try Scenario.keys()) }
    if markdown { return print(reference.markdown) }
    guard let key else { return print(reference.list) }
    let found = reference.keys(called: key)
    guard !found.isEmpty else {
      throw InputError(
        description: "flora: there is no key \"\(key)\"; \(reference.suggestion(for: key))")
    }
    print(found.map(reference.explanation).joined(separator: "\n\n"))
  }
}
