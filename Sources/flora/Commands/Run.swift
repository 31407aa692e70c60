import ArgumentParser
import FederatedSimulation
import Foundation

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a scenario and leave its tables in results/<name>.")

  @OptionGroup var input: ScenarioArguments

  @Option(help: "The folder for the results.")
  var out: String?

  @OptionGroup var workers: WorkersArgument

  @Flag(help: "Compute image features anew, and keep none; the results do not depend on it.")
  var noCache = false

  @Flag(help: "Print no progress and no table.")
  var quiet = false

  func run() throws {
    let scenario = try input.read()
    let experiment = try InputError.catching { try Experiment(scenario) }
    let directory = URL(filePath: out ?? "results/\(scenario.name)", directoryHint: .isDirectory)
    let progress = ProgressLine(isVisible: !quiet && isatty(STDERR_FILENO) == 1)
    let interruption = Interruption(
      clearing: progress.line,
      "Interrupted; the rows so far are in \(directory.relativePath).")
    defer { withExtendedLifetime(interruption) {} }
    var run = ExperimentRun(
      experiment, workers: workers.count, cache: noCache ? nil : Cache.features, progress)
    let summaries = try InputError.catching { try run.run(into: directory) }
    progress.clear()
    guard !quiet else { return }
    print(SummaryTable(summaries, full: run.fullBaseline(summaries)).text)
    print("\nThe tables are in \(directory.relativePath).")
  }
}
