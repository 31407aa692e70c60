import ArgumentParser
import FederatedSimulation
import Foundation
import Ranks
import Results
import Scenario
import Sweeps

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a scenario and write its tables to results/<name>.")

  @OptionGroup var input: ScenarioArguments

  @Option(help: "The folder for the results.", completion: .directory)
  var out: OutputFolder?

  @OptionGroup var workers: WorkersArgument

  @Flag(help: "Recompute image features and do not cache them; results do not depend on it.")
  var noCache = false

  @Option(help: "Run only every N-th combination of a sweep, starting with the K-th (K/N).")
  var part: SweepPart?

  @Flag(
    help: "Allow ranks with different matrix-product kernels; the last bits of results may differ.")
  var allowDifferentKernels = false

  @Flag(help: "Resume from the checkpoint of an interrupted run in the folder.")
  var resume = false

  @Flag(help: "Replace finished results in the folder.")
  var force = false

  @Flag(help: "Also write trace.json, a timeline of all tasks for ui.perfetto.dev.")
  var trace = false

  @Flag(help: "Write event files for TensorBoard to tensorboard/<method>, also during the run.")
  var tensorboard = false

  @Flag(help: "Rewrite report.html after versions and at the end, to watch the run in a browser.")
  var live = false

  @Flag(help: "Print progress to standard error, one JSON object per line.")
  var jsonProgress = false

  @Flag(help: "Do not print progress or the summary table.")
  var quiet = false

  func validate() throws {
    guard !resume || !force else {
      throw ValidationError(
        "--resume continues a run and --force replaces its results; use one of them.")
    }
  }

  func run() throws {
    guard let session = try part == nil || RankLaunch.sharesRuns ? RankSession() : nil else {
      return try run(nil)
    }
    try session.run(workers: workers.count, cache: cache) {
      try workers.reserve()
      return try input.sweep()
    } _: {
      try run($0)
    }
  }

  private func run(_ hub: RankHub?) throws {
    let sweep = try input.sweep()
    if part != nil, sweep.isSingle {
      throw InputError(
        description: "flora: --part is for sweeps, but \(input.scenario) has no sweep")
    }
    if trace, sweep.points.contains(where: { $0.scenario.report.tasks == .none }) {
      throw InputError(
        description:
          "flora: --trace is made from tasks.csv, but report.tasks is none; write report.tasks: all"
      )
    }
    if sweep.points.contains(where: { !$0.scenario.isTimingOnly }) { try workers.reserve() }
    let directory =
      out?.url
      ?? URL(filePath: "results/\(sweep.points[0].scenario.name)", directoryHint: .isDirectory)
    if trace { try checkTrace(sweep, in: directory) }
    let line = TerminalLine(isVisible: !quiet && !jsonProgress && isatty(STDERR_FILENO) == 1)
    let terminal: any ProgressObserver = jsonProgress ? JSONProgress() : ProgressLine(line)
    let files = LiveFiles(
      in: directory, isSweep: !sweep.isSingle, report: live, events: tensorboard, terminal)
    let progress: any ProgressObserver = live || tensorboard ? files : terminal
    let stop = StopRequest()
    let interruption = Interruption(
      clearing: line, asking: stop,
      "Interrupted; the same command with --resume continues from the last checkpoint, if there is one."
    )
    defer { withExtendedLifetime(interruption) {} }
    Interruption.adviseWhenAborted()
    do {
      let ranks = hub.map {
        RankShare($0, allowsDifferentKernels: allowDifferentKernels)
      }
      let signal: any StopSignal = hub.map { RankStop(stop, $0) } ?? stop
      try sweep.isSingle
        ? run(sweep.points[0].scenario, into: directory, progress, line, signal, ranks)
        : run(sweep, into: directory, progress, line, signal, ranks)
    } catch let interruption as RunInterruption {
      files.end()
      line.clear()
      let code = 128 + stop.signal
      Interruption.leave(saying: interruption.description, code) {
        hub?.leave(code, within: 0.5)
      }
    }
    files.end()
    if live, !quiet {
      print("The report is \(directory.appending(path: "report.html").relativePath).")
    }
    if tensorboard { try Report.writeEvents(directory, quiet: quiet) }
  }

  /// Rejects a run whose trace would replace a file that flora did not write.
  private func checkTrace(_ sweep: ScenarioSweep, in directory: URL) throws {
    let count = sweep.points.count
    let folders =
      sweep.isSingle
      ? [directory]
      : (1...count).map {
        directory.appending(path: SweepRun.folderName(number: $0, of: count))
      }
    try Report.checkTraces(in: folders)
  }

  private var cache: FeatureCache? { noCache ? nil : Cache.features }

  private func run(
    _ sweep: ScenarioSweep, into directory: URL, _ progress: any ProgressObserver,
    _ line: TerminalLine, _ stop: any StopSignal, _ ranks: RankShare?
  ) throws {
    let counts = try InputError.catching {
      try SweepRun(
        sweep, part: part, workers: workers.count, cache: cache, stop: stop, ranks: ranks, progress
      ).run(into: directory, resume ? .required : .wherePossible, keepingFinished: !force)
    }
    line.clear()
    if trace, counts.elsewhere == 0 { try Report.writeTrace(directory, quiet: quiet) }
    guard !quiet else { return }
    let known = counts.known > 0 ? ", \(counts.known) were already complete" : ""
    let others =
      counts.elsewhere > 0 ? ", \(counts.elsewhere) are left to other processes" : ""
    print("\(counts.run) of \(sweep.points.count) combinations run\(known)\(others).")
    print("The tables are in \(directory.relativePath).")
    printNextStep(directory)
  }

  private func run(
    _ scenario: Scenario, into directory: URL, _ progress: any ProgressObserver,
    _ line: TerminalLine, _ stop: any StopSignal, _ ranks: RankShare?
  ) throws {
    let experiment = try InputError.catching { try Experiment(scenario, workers: workers.count) }
    let run = ExperimentRun(
      experiment, workers: workers.count, cache: cache, stop: stop, ranks: ranks, progress)
    if resume, try InputError.catching({ try run.isFinished(in: directory) }) {
      return print("The run in \(directory.relativePath) is finished; there is nothing to resume.")
    }
    let summaries = try InputError.catching {
      try run.run(
        into: directory, resume ? .required : .never, keepingFinished: !force && !resume)
    }
    line.clear()
    if trace { try Report.writeTrace(directory, quiet: quiet) }
    guard !quiet else { return }
    let fleet = scenario.fleet
    print(
      SummaryTable(
        summaries, full: run.fullBaseline(summaries),
        runtime: fleet.runtime(for: fleet.executionPlan)
      ).text)
    print("\nThe tables are in \(directory.relativePath).")
    printNextStep(directory)
  }

  private func printNextStep(_ directory: URL) {
    print("To make a report with figures: flora report \(directory.relativePath)")
  }
}
