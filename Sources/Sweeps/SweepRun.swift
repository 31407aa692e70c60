import FederatedSimulation
import Foundation
import Results
import Scenario
import Storage

/// Runs the combinations of a sweep one after the other, each in a folder of its own, and leaves those alone
/// that an earlier call has finished.
package struct SweepRun {
  private let sweep: ScenarioSweep
  private let workers: Int
  private let cache: FeatureCache?
  private let stop: (any StopSignal)?
  private let observer: any ProgressObserver

  package init(
    _ sweep: ScenarioSweep, workers: Int, cache: FeatureCache? = nil,
    stop: (any StopSignal)? = nil, _ observer: any ProgressObserver
  ) {
    self.sweep = sweep
    self.workers = workers
    self.cache = cache
    self.stop = stop
    self.observer = observer
  }

  /// - Parameters:
  ///   - resumption: what becomes of a combination that an earlier call was interrupted in.
  ///   - keepingFinished: whether finished results that are not this sweep's own are in the way, instead of being
  ///     replaced.
  /// - Returns: how many combinations were run, and how many an earlier call had finished.
  /// - Throws: where a scenario's files are wrong, or the results cannot be written; `RunInterruption` where
  ///   the sweep was to stop.
  package func run(
    into directory: URL, _ resumption: Resumption = .wherePossible, keepingFinished: Bool = false
  ) throws -> (run: Int, known: Int) {
    let claim = try ResultsFolder.claim(directory)
    defer { withExtendedLifetime(claim) {} }
    let own = OwnFiles(in: directory)
    try own.checkTables()
    let finished = try finishedCombinations(in: directory, own, keepingFinished)
    if own.hasRun {
      observer.observe(
        .warning("\(directory.relativePath) held a run that this sweep replaces"))
      own.removeRun()
    }
    let before = Self.tables(in: directory)
    var table = SweepTable(keys: sweep.keys)
    var known = 0
    for (index, point) in sweep.points.enumerated() {
      let folder = folder(of: index, in: directory)
      observer.observe(
        .combination(
          number: index + 1, of: sweep.points.count,
          zip(sweep.keys, point.values).map {
            "\($0)=\($1)"
          }.joined(separator: " ")))
      if finished.contains(index) {
        known += 1
      } else {
        // What an earlier sweep has left in the tables must not be taken for this one's, were it killed now.
        if Self.tables(in: directory).contains(where: { $0 != nil }) {
          try write(table, to: directory)
        }
        _ = try run(point).run(into: folder, resumption)
      }
      try table.append(folder, values: point.values)
      // After every run, so that one that is killed leaves what was finished before.
      try write(table, to: directory)
    }
    if Self.tables(in: directory) != before { own.removeReport() }
    let others = own.runs(otherThan: Set(table.rows.map(\.folder)))
    if !others.isEmpty {
      observer.observe(
        .warning(
          "\(directory.relativePath) holds runs of an earlier sweep, which are not in its tables: \(others.joined(separator: ", "))"
        ))
    }
    return (sweep.points.count - known, known)
  }

  private func run(_ point: ScenarioSweep.Point) throws -> ExperimentRun {
    ExperimentRun(
      try Experiment(point.scenario, workers: workers), workers: workers, cache: cache, stop: stop,
      observer)
  }

  /// Which combinations an earlier call has finished, by their indices. Changes no results.
  ///
  /// - Throws: `ExperimentError` where other finished results are in the way and are to be kept.
  private func finishedCombinations(
    in directory: URL, _ own: OwnFiles, _ keepingFinished: Bool
  ) throws -> Set<Int> {
    if keepingFinished, own.hasRun, own.hasFinishedRun {
      throw PreviousRun.refusal(directory, "the finished results of a run")
    }
    var finished: Set<Int> = []
    for (index, point) in sweep.points.enumerated() {
      let folder = folder(of: index, in: directory)
      guard OwnFiles(in: folder).hasFinishedRun else { continue }
      if try run(point).isFinished(in: folder) {
        finished.insert(index)
      } else if keepingFinished {
        throw PreviousRun.refusal(
          folder, "the finished results of another combination, program version or data")
      }
    }
    return finished
  }

  /// The folder of a combination: its number, with as many digits as the last one's.
  private func folder(of index: Int, in directory: URL) -> URL {
    directory.appending(
      path: Self.folderName(number: index + 1, of: sweep.points.count),
      directoryHint: .isDirectory)
  }

  /// - Parameter number: of the combination, from 1.
  package static func folderName(number: Int, of count: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: "\(count)".count - digits.count) + digits
  }

  private static func tables(in directory: URL) -> [Data?] {
    ["sweep.csv", "summary.csv"].map { try? Data(contentsOf: directory.appending(path: $0)) }
  }

  private func write(_ table: SweepTable, to directory: URL) throws {
    try write(table.runs, to: directory.appending(path: "sweep.csv"))
    let summary = directory.appending(path: "summary.csv")
    if let text = table.overSeeds {
      try write(text, to: summary)
    } else {
      try? FileManager.default.removeItem(at: summary)
    }
  }

  private func write(_ text: String, to file: URL) throws {
    do { try DurableFile.write(text.utf8, to: file) } catch {
      throw ResultsFault.unwritable(error)
    }
  }
}
