import ArgumentParser
import Foundation
import Reports

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare runs: summaries, accuracy curves, and differences between the scenarios.")

  @Argument(help: "The folders of two or more runs.", completion: .directory)
  var results: [String]

  @Option(help: "Write the comparison with figures to this HTML file.", completion: .file())
  var html: String?

  func validate() throws {
    guard results.count > 1 else { throw ValidationError("Name two or more runs.") }
    if let html, html.allSatisfy(\.isWhitespace) {
      throw ValidationError("--html takes the name of a file.")
    }
  }

  func run() throws {
    let folders = results.map { URL(filePath: $0, directoryHint: .isDirectory) }
    try InputError.catching {
      let comparison = try RunComparison(folders)
      if let html { try comparison.writePage(to: URL(filePath: html)) }
      print(TextTable(rows: comparison.summary).text)
      print("\n" + comparison.curves.joined(separator: "\n"))
      if comparison.differences.isEmpty {
        print("The scenarios do not differ.")
      } else {
        print("Differences between the scenarios:\n")
        print(TextTable(rows: comparison.differences).text)
        print("\n\(RunComparison.units)")
      }
      if !comparison.unfinished.isEmpty {
        print(
          "\nThe scenarios of unfinished runs are not known: \(comparison.unfinished.joined(separator: ", "))."
        )
      }
      if let html { print("\nThe comparison is \(html).") }
    }
  }
}
