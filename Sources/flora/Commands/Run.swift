import ArgumentParser
import FederatedSimulation
import Foundation
import Ranks
import Results
import Scenario
import Sweeps

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a scenario and leave its tables in results/<name>.")

  @OptionGroup var input: ScenarioArguments

  @Option(help: "The folder for the results.")
  var out: OutputFolder?

  @OptionGroup var workers: WorkersArgument

  @Flag(help: "Compute image features anew, and keep none; the results do not depend on it.")
  var noCache = false

  @Option(
    help:
      "Run every N-th combination of a sweep from the K-th on, beside the processes that run the others."
  )
  var part: SweepPart?

  @Flag(
    help:
      "Run on ranks whose processors multiply by other kernels too; the last bits may then differ.")
  var allowDifferentKernels = false

  @Flag(help: "Go on from the checkpoint that an interrupted run left in the folder.")
  var resume = false

  @Flag(help: "Write trace.json too, a timeline of all tasks that ui.perfetto.dev opens.")
  var trace = false

  @Flag(help: "Print progress as a JSON object a line on standard error, for programs.")
  var jsonProgress = false

  @Flag(help: "Print no progress and no table.")
  var quiet = false

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
      throw InputError(description: "flora: --part is for sweeps, and \(input.scenario) is none")
    }
    if trace, sweep.points.contains(where: { $0.scenario.report.tasks == .none }) {
      throw InputError(
        description: "flora: --trace is made of tasks.csv, and report.tasks is none; write all")
    }
    if sweep.points.contains(where: { !$0.scenario.isTimingOnly }) { try workers.reserve() }
    let directory =
      out?.url
      ?? URL(filePath: "results/\(sweep.points[0].scenario.name)", directoryHint: .isDirectory)
    let line = TerminalLine(isVisible: !quiet && !jsonProgress && isatty(STDERR_FILENO) == 1)
    let progress: any ProgressObserver = jsonProgress ? JSONProgress() : ProgressLine(line)
    let stop = StopRequest()
    let interruption = Interruption(
      clearing: line, asking: stop,
      "Interrupted; the same command with --resume goes on from the last checkpoint, if there is one."
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
      line.clear()
      let code = 128 + stop.signal
      Interruption.leave(saying: interruption.description, code) {
        hub?.leave(code, within: 0.5)
      }
    }
  }

  private var cache: FeatureCache? { noCache ? nil : Cache.features }

  private func run(
    _ sweep: ScenarioSweep, into directory: URL, _ progress: any ProgressObserver,
    _ line: TerminalLine, _ stop: any StopSignal, _ ranks: RankShare?
  ) throws {
    let counts = try InputError.catching {
      try SweepRun(
        sweep, part: part, workers: workers.count, cache: cache, stop: stop, ranks: ranks, progress
      ).run(into: directory, resume ? .required : .wherePossible)
    }
    line.clear()
    if trace, counts.elsewhere == 0 { try Report.writeTrace(directory, quiet: quiet) }
    guard !quiet else { return }
    let known = counts.known > 0 ? ", \(counts.known) were there already" : ""
    let others =
      counts.elsewhere > 0 ? ", \(counts.elsewhere) are left to other processes" : ""
    print("\(counts.run) of \(sweep.points.count) combinations were run\(known)\(others).")
    print("The tables are in \(directory.relativePath).")
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
      try run.run(into: directory, resume ? .required : .never)
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
  }
}
