import FederatedSimulation
import Foundation
import Results
import Scenario
import Storage

/// Runs the combinations of a sweep one at a time, each in its own folder; skips those that an
/// earlier call finished.
///
/// Several processes can run a sweep in one folder at the same time, on one machine or many. A
/// process claims a combination by its folder. After each combination, a process rewrites the
/// tables with all finished ones, including those of other processes, so the last process leaves
/// complete tables.
package struct SweepRun {
  private let sweep: ScenarioSweep
  private let part: SweepPart?
  private let workers: Int
  private let cache: FeatureCache?
  private let stop: (any StopSignal)?
  private let ranks: RankShare?
  private let observer: any ProgressObserver

  /// - Parameters:
  ///   - part: the combinations for this process; nil for all.
  ///   - ranks: the other processes that share each run; nil if there are none.
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

  /// The status of the combinations.
  package struct Outcome: Equatable {
    /// Those that were run, and those that were already finished.
    package var run = 0
    package var known = 0
    /// The unfinished combinations of the whole sweep: other processes run them, now or later.
    package var elsewhere = 0
  }

  /// - Parameters:
  ///   - resumption: what to do with an interrupted combination.
  ///   - keepingFinished: whether finished results of anything but this sweep are an error instead
  ///     of being replaced.
  /// - Throws: if a scenario's files are invalid, or the results cannot be written;
  ///   `RunInterruption` if a stop was requested.
  package func run(
    into directory: URL, _ resumption: Resumption = .wherePossible, keepingFinished: Bool = false
  ) throws -> Outcome {
    let presence = try ResultsFolder.join(directory)
    defer { withExtendedLifetime(presence) {} }
    let own = OwnFiles(in: directory)
    var tables = SweepTables(sweep, in: directory)
    let before = tables.contents
    let finished = try finishedCombinations(of: tables, in: directory, own, keepingFinished)
    try tables.update(replacing: true) {
      try own.checkTables()
      guard own.hasRun else { return }
      observer.observe(
        .warning("\(directory.relativePath) held a run that this sweep replaces"))
      own.removeRun()
    }
    var outcome = Outcome()
    var left = sweep.points.indices.filter { part?.contains($0) ?? true }
    while true {
      var elsewhere: [Int] = []
      for index in left {
        switch try run(
          index, in: tables.folder(of: index), resumption, isKnown: finished.contains(index))
        {
        case .run: outcome.run += 1
        case .known: outcome.known += 1
        case .isElsewhere:
          elsewhere.append(index)
          continue
        }
        tables.finish(index)
        try tables.update()
      }
      // Another process may have left some of them unfinished in the meantime.
      if elsewhere.isEmpty || elsewhere.count == left.count { break }
      left = elsewhere
    }
    outcome.elsewhere = sweep.points.count - tables.finished.count
    if tables.contents != before { own.removeReport() }
    let others = own.runs(otherThan: tables.folders)
    if !others.isEmpty {
      observer.observe(
        .warning(
          "\(directory.relativePath) holds runs of an earlier sweep, which are not in its tables: \(others.joined(separator: ", "))"
        ))
    }
    return outcome
  }

  /// The indices of this process's combinations that an earlier call finished. Changes no results.
  ///
  /// - Throws: `ExperimentError` if there are other finished results that must be kept.
  private func finishedCombinations(
    of tables: SweepTables, in directory: URL, _ own: OwnFiles, _ keepingFinished: Bool
  ) throws -> Set<Int> {
    if keepingFinished, own.hasRun, own.hasFinishedRun {
      throw PreviousRun.refusal(directory, "the finished results of a run")
    }
    var finished: Set<Int> = []
    for index in sweep.points.indices where part?.contains(index) ?? true {
      let folder = tables.folder(of: index)
      guard OwnFiles(in: folder).hasFinishedRun else { continue }
      if try experimentRun(index).isFinished(in: folder) {
        finished.insert(index)
      } else if keepingFinished {
        throw PreviousRun.refusal(
          folder, "the finished results of another combination, program version or data")
      }
    }
    return finished
  }

  /// The name of a combination's folder: its number, with as many digits as the last one's.
  ///
  /// - Parameter number: the number of the combination, starting at 1.
  package static func folderName(number: Int, of count: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: "\(count)".count - digits.count) + digits
  }

  private func experimentRun(_ index: Int) throws -> ExperimentRun {
    ExperimentRun(
      try Experiment(sweep.points[index].scenario, workers: workers), workers: workers,
      cache: cache, stop: stop, ranks: ranks?.at(index), observer)
  }

  private enum Combination { case run, known, isElsewhere }

  private func run(
    _ index: Int, in folder: URL, _ resumption: Resumption, isKnown: Bool
  ) throws -> Combination {
    let point = sweep.points[index]
    observer.observe(
      .combination(
        number: index + 1, of: sweep.points.count,
        zip(sweep.keys, point.values).map {
          "\($0)=\($1)"
        }.joined(separator: " ")))
    if isKnown { return .known }
    let run = try experimentRun(index)
    if try run.isFinished(in: folder) { return .known }
    guard let claim = try ResultsFolder.claimIfFree(folder) else { return .isElsewhere }
    // Another process may have finished it before this one claimed it.
    if FinishedRun.appears(in: folder, of: point.scenario),
      try run.isFinished(in: folder, claim: claim)
    {
      return .known
    }
    _ = try run.run(into: folder, resumption, claim: claim)
    return .run
  }
}
