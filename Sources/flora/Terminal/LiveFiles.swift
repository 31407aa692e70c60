import Foundation
import Reports
import Results
import Sweeps

/// Rewrites the report and the event files of a running run after new versions.
///
/// The simulation's thread writes them: it spends at most a fiftieth of the time on them, and
/// writes at most twice a second.
final class LiveFiles: ProgressObserver {
  private let next: any ProgressObserver
  private let directory: URL
  private let isSweep: Bool
  private let writesReport: Bool
  private let writesEvents: Bool
  /// The folder of the current run; nil before its first version.
  private var folder: URL?
  private let clock = ContinuousClock()
  private var lastEnd: ContinuousClock.Instant
  /// The duration of the last write.
  private var cost = Duration.zero
  private var hasFailed = false

  /// The seconds after which a browser reloads the report of an unfinished run.
  private static let refresh = 5

  /// - Parameters:
  ///   - directory: the folder for the results of a run or a sweep.
  ///   - next: receives all progress reports too.
  init(
    in directory: URL, isSweep: Bool, report: Bool, events: Bool, _ next: any ProgressObserver
  ) {
    self.directory = directory
    self.isSweep = isSweep
    writesReport = report
    writesEvents = events
    self.next = next
    lastEnd = clock.now
  }

  func observe(_ progress: RunProgress) {
    next.observe(progress)
    switch progress {
    case .combination(let number, let count, _):
      finish()
      combination = SweepRun.folderName(number: number, of: count)
    case .round:
      folder = isSweep ? directory.appending(path: combination) : directory
      if lastEnd.duration(to: clock.now) >= max(.milliseconds(500), cost * 50) {
        write(isLast: false)
      }
    default: break
    }
  }

  /// The folder name of the current combination.
  private var combination = ""

  /// Writes the final files of the current run, and the page of the sweep so far.
  private func finish() {
    guard folder != nil else { return }
    write(isLast: true)
    folder = nil
    if isSweep { writeTopPage() }
  }

  /// Writes the remaining files when all runs have ended.
  func end() {
    finish()
    writeTopPage()
  }

  private func writeTopPage() {
    let table = directory.appending(path: isSweep ? "sweep.csv" : "rounds.csv")
    guard writesReport, FileManager.default.fileExists(atPath: table.path) else { return }
    attempt { try ResultsReport.writePage(in: directory, refresh: nil) }
  }

  private func write(isLast: Bool) {
    guard let folder else { return }
    let start = clock.now
    attempt {
      if writesReport {
        try ResultsReport.writePage(in: folder, refresh: isLast ? nil : Self.refresh)
      }
      if writesEvents { try TensorBoardLog.write(in: folder) }
    }
    lastEnd = clock.now
    cost = start.duration(to: lastEnd)
  }

  /// A full disk does not stop a run; the user is warned once.
  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch {
      guard !hasFailed else { return }
      hasFailed = true
      next.observe(
        .warning(
          "the report or the event files cannot be written (\(ErrorText.text(error))); the run continues"
        ))
    }
  }
}
