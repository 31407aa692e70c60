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

  @Flag(help: "Write trace.json too, a timeline of all tasks that ui.perfetto.dev opens.")
  var trace = false

  @Flag(help: "Print no progress and no table.")
  var quiet = false

  func run() throws {
    let sweep = try input.sweep()
    if trace, sweep.points.contains(where: { $0.scenario.report.tasks == .none }) {
      throw InputError(
        description: "flora: --trace is made of tasks.csv, and report.tasks is none; write all")
    }
    let directory = URL(
      filePath: out ?? "results/\(sweep.points[0].scenario.name)", directoryHint: .isDirectory)
    let progress = ProgressLine(isVisible: !quiet && isatty(STDERR_FILENO) == 1)
    let interruption = Interruption(
      clearing: progress.line,
      "Interrupted; the rows so far are in \(directory.relativePath).")
    defer { withExtendedLifetime(interruption) {} }
    let cache = noCache ? nil : Cache.features
    guard sweep.isSingle else {
      let counts = try InputError.catching {
        try SweepRun(sweep, workers: workers.count, cache: cache, progress).run(into: directory)
      }
      progress.clear()
      if trace { try Report.writeTrace(directory, quiet: quiet) }
      guard !quiet else { return }
      let known = counts.known > 0 ? ", \(counts.known) were there already" : ""
      print("\(counts.run) of \(sweep.points.count) combinations were run\(known).")
      return print("The tables are in \(directory.relativePath).")
    }
    let experiment = try InputError.catching { try Experiment(sweep.points[0].scenario) }
    var run = ExperimentRun(experiment, workers: workers.count, cache: cache, progress)
    let summaries = try InputError.catching { try run.run(into: directory) }
    progress.clear()
    if trace { try Report.writeTrace(directory, quiet: quiet) }
    guard !quiet else { return }
    print(SummaryTable(summaries, full: run.fullBaseline(summaries)).text)
    print("\nThe tables are in \(directory.relativePath).")
  }
}
