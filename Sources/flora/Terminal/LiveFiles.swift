import Foundation
import Reports
import Results
import Sweeps

/// Rewrites a run's report and event files while it goes on, after versions.
///
/// They are written by the thread that runs the simulation, which waits for them: for a fiftieth of the time at most,
/// and at most twice a second.
final class LiveFiles: ProgressObserver {
  private let next: any ProgressObserver
  private let directory: URL
  private let isSweep: Bool
  private let writesReport: Bool
  private let writesEvents: Bool
  /// The folder of the run that goes on; nil before its first version.
  private var folder: URL?
  private let clock = ContinuousClock()
  private var lastEnd: ContinuousClock.Instant
  /// How long the last writing took.
  private var cost = Duration.zero
  private var hasFailed = false

  /// After how many seconds a browser loads the report of a run again that goes on.
  private static let refresh = 5

  /// - Parameters:
  ///   - directory: for the results of a run, or of a sweep.
  ///   - next: is told everything too.
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

  /// The folder's name of the combination that goes on.
  private var combination = ""

  /// Writes the last files of the run that went on, and the page of the sweep so far.
  private func finish() {
    guard folder != nil else { return }
    write(isLast: true)
    folder = nil
    if isSweep { writeTopPage() }
  }

  /// Writes what is left to write when nothing goes on any more.
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

  /// A disk that is full stops no run: the user is told once.
  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch {
      guard !hasFailed else { return }
      hasFailed = true
      next.observe(
        .warning("the report or the event files cannot be written (\(error)); the run continues"))
    }
  }
}
