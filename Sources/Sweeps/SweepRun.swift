import FederatedSimulation
import Foundation
import Results
import Scenario
import Storage

/// Runs the combinations of a sweep one after the other, each in a folder of its own, and leaves those alone
/// that an earlier call has finished.
///
/// Several processes may do so in one folder at once, on one machine or on many. A combination belongs to the process
/// that has claimed its folder. Each process writes the tables anew when it has finished a combination, with those that
/// others have finished, so that the last one leaves them complete.
package struct SweepRun {
  private let sweep: ScenarioSweep
  private let part: SweepPart?
  private let workers: Int
  private let cache: FeatureCache?
  private let stop: (any StopSignal)?
  private let ranks: RankShare?
  private let observer: any ProgressObserver

  /// - Parameters:
  ///   - part: the combinations that are this process's; nil for all.
  ///   - ranks: the other processes that share each run; nil where there are none.
  package init(
    _ sweep: ScenarioSweep, part: SweepPart? = nil, workers: Int, cache: FeatureCache? = nil,
    stop: (any StopSignal)? = nil, ranks: RankShare? = nil, _ observer: any ProgressObserver
  ) {
    self.sweep = sweep
    self.part = part
    self.workers = workers
    self.cache = cache
    self.stop = stop
    self.ranks = ranks
    self.observer = observer
  }

  /// What has become of the combinations.
  package struct Outcome: Equatable {
    /// Those that were run, and those that had been finished before.
    package var run = 0
    package var known = 0
    /// Those of the whole sweep that are not finished: others run them, or will.
    package var elsewhere = 0
  }

  /// - Parameter resumption: what becomes of a combination that an earlier call was interrupted in.
  /// - Throws: where a scenario's files are wrong, or the results cannot be written; `RunInterruption` where
  ///   the sweep was to stop.
  package func run(
    into directory: URL, _ resumption: Resumption = .wherePossible
  ) throws -> Outcome {
    let presence = try ResultsFolder.join(directory)
    defer { withExtendedLifetime(presence) {} }
    let own = OwnFiles(in: directory)
    var tables = SweepTables(sweep, in: directory)
    let before = tables.contents
    try tables.update(replacing: true) {
      try own.checkTables()
      guard own.hasRun else { return }
      observer.observe(
        .warning("\(directory.relativePath) held a run, which this sweep replaces"))
      own.removeRun()
    }
    var outcome = Outcome()
    var left = sweep.points.indices.filter { part?.contains($0) ?? true }
    while true {
      var elsewhere: [Int] = []
      for index in left {
        switch try run(index, in: tables.folder(of: index), resumption) {
        case .run: outcome.run += 1
        case .known: outcome.known += 1
        case .isElsewhere:
          elsewhere.append(index)
          continue
        }
        tables.finish(index)
        try tables.update()
      }
      // A process that was at work on some may have left them unfinished since.
      if elsewhere.isEmpty || elsewhere.count == left.count { break }
      left = elsewhere
    }
    outcome.elsewhere = sweep.points.count - tables.finished.count
    if tables.contents != before { own.removeReport() }
    let others = own.runs(otherThan: tables.folders)
    if !others.isEmpty {
      observer.observe(
        .warning(
          "\(directory.relativePath) holds runs of an earlier sweep that are not in its tables: \(others.joined(separator: ", "))"
        ))
    }
    return outcome
  }

  private enum Combination { case run, known, isElsewhere }

  private func run(
    _ index: Int, in folder: URL, _ resumption: Resumption
  ) throws -> Combination {
    let point = sweep.points[index]
    observer.observe(
      .combination(
        number: index + 1, of: sweep.points.count,
        zip(sweep.keys, point.values).map {
          "\($0)=\($1)"
        }.joined(separator: " ")))
    let run = ExperimentRun(
      try Experiment(point.scenario, workers: workers), workers: workers, cache: cache,
      stop: stop, ranks: ranks?.at(index), observer)
    if try run.isFinished(in: folder) { return .known }
    guard let claim = try ResultsFolder.claimIfFree(folder) else { return .isElsewhere }
    // Another process may have finished it before it could be claimed.
    if FinishedRun.appears(in: folder, of: point.scenario),
      try run.isFinished(in: folder, claim: claim)
    {
      return .known
    }
    _ = try run.run(into: folder, resumption, claim: claim)
    return .run
  }
}
