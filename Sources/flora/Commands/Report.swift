import ArgumentParser
import Foundation
import Reports

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write report.html and plots of a folder of results, from its tables alone.")

  @Argument(help: "A run's folder, or that of a sweep.")
  var results: String

  @Flag(help: "Write trace.json too, a timeline of all tasks that ui.perfetto.dev opens.")
  var trace = false

  func run() throws {
    let folder = URL(filePath: results, directoryHint: .isDirectory)
    try InputError.catching { try ResultsReport.write(in: folder) }
    if trace {
      let files = try InputError.catching { try TimelineTrace.write(in: folder) }
      print("The \(files.count == 1 ? "trace is" : "traces are") \(files.map(\.relativePath).joined(separator: ", ")).")
    }
    print("The report is \(folder.appending(path: "report.html").relativePath).")
  }
}
