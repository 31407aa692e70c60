import ArgumentParser
import Foundation
import Reports

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write report.html and plots from the tables in a results folder.")

  @Argument(help: "The results folder of a run or sweep.", completion: .directory)
  var results: String

  @Flag(
    inversion: .prefixedNo,
    help: "Also write plots/: gnuplot scripts and their figures.")
  var plots = true

  @Flag(help: "Also write trace.json, a timeline of all tasks for ui.perfetto.dev.")
  var trace = false

  @Flag(help: "Write event files for TensorBoard to tensorboard/<method>.")
  var tensorboard = false

  func run() async throws {
    let folder = URL(filePath: results, directoryHint: .isDirectory)
    let outcome = try await InputError.catchingLater {
      try await ResultsReport.write(in: folder, plots: plots)
    }
    print("Wrote \(folder.appending(path: "report.html").relativePath).")
    let place = folder.appending(path: "plots").relativePath
    switch outcome {
    case .drawn(let count): print("Wrote \(count) figures as SVG and PNG to \(place).")
    case .gnuplotIsMissing:
      print(
        "Wrote gnuplot scripts to \(place). gnuplot is not installed; to draw them, install it: apt install gnuplot-nox"
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

  /// Rejects folders with a `trace.json` that flora did not write.
  static func checkTraces(in folders: [URL]) throws {
    try InputError.catching { for folder in folders { try TimelineTrace.check(folder) } }
  }

  /// Writes the timeline of a run, or of each run of a sweep, and prints its location.
  static func writeTrace(_ folder: URL, quiet: Bool = false) throws {
    for file in try InputError.catching({ try TimelineTrace.write(in: folder) }) {
      if !quiet { print("Wrote \(file.relativePath).") }
    }
  }
}
