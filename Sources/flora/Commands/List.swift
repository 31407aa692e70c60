import ArgumentParser
import Foundation
import Reports

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List the runs below a folder with their headline numbers.")

  @Argument(help: "A folder that contains results, or a sweep's folder.", completion: .directory)
  var folder = "results"

  func run() throws {
    let listing = try InputError.catching {
      try ResultsListing(URL(filePath: folder, directoryHint: .isDirectory))
    }
    print(listing.rows.isEmpty ? "No runs in \(folder)." : TextTable(rows: listing.rows).text)
  }
}
