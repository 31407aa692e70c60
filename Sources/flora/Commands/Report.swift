import ArgumentParser
import Foundation
import Reports

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write report.html and plots of a folder of results, from its tables alone.")

  @Argument(help: "A run's folder, or that of a sweep.")
  var results: String

  func run() throws {
    let folder = URL(filePath: results, directoryHint: .isDirectory)
    try InputError.catching { try ResultsReport.write(in: folder) }
    print("The report is \(folder.appending(path: "report.html").relativePath).")
  }
}
