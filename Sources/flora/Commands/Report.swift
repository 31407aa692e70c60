import ArgumentParser
import Foundation
import Reports

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write report.html and plots of a folder of results, from its tables alone.")

  @Argument(help: "A run's folder, or that of a sweep.")
  var results: String

  @Flag(
    inversion: .prefixedNo,
    help: "Write plots/ too: gnuplot's scripts, and the pictures that it makes.")
  var plots = true

  @Flag(help: "Write trace.json too, a timeline of all tasks that ui.perfetto.dev opens.")
  var trace = false

  @Flag(help: "Write event files for TensorBoard to tensorboard/<method>.")
  var tensorboard = false

  func run() async throws {
    let folder = URL(filePath: results, directoryHint: .isDirectory)
    let outcome = try await InputError.catchingLater {
      try await ResultsReport.write(in: folder, plots: plots)
    }
    print("The report is \(folder.appending(path: "report.html").relativePath).")
    let place = folder.appending(path: "plots").relativePath
    switch outcome {
    case .drawn(let count): print("The plots are in \(place): \(count) figures as SVG and PNG.")
    case .gnuplotIsMissing:
      print(
        "The plots' scripts are in \(place); gnuplot, which draws them, is not installed: apt install gnuplot-nox"
      )
    case .notAskedFor: break
    }
    if trace { try Self.writeTrace(folder) }
    if tensorboard { try Self.writeEvents(folder) }
  }

  /// Writes the event files of a run, or of each run of a sweep, and says how to look at them.
  static func writeEvents(_ folder: URL, quiet: Bool = false) throws {
    try InputError.catching { _ = try TensorBoardLog.write(in: folder) }
    if !quiet { print("Show the event files with: tensorboard --logdir \(folder.relativePath)") }
  }

  /// Writes the timeline of a run, or of each run of a sweep, and says where.
  static func writeTrace(_ folder: URL, quiet: Bool = false) throws {
    for file in try InputError.catching({ try TimelineTrace.write(in: folder) }) {
      if !quiet { print("The trace is \(file.relativePath).") }
    }
  }
}
