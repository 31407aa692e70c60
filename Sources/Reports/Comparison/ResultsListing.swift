import Foundation

/// The runs and sweeps below a folder, with their headline numbers.
package struct ResultsListing {
  /// The rows of a table, starting with its header; empty if there are no runs.
  package let rows: [[String]]

  /// The maximum depth of the search: results/study/sweep/run.
  private static let mostLevels = 4

  /// - Parameter folder: contains results; for a sweep, its runs are listed.
  /// - Throws: `ReportError` if the folder does not exist.
  package init(_ folder: URL) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { throw ReportError("\(folder.path) is not a folder; name one that contains results") }
    let found = Self.rows(folder, path: "", level: 0)
    let header = ["run", "method", "round", "best accuracy", "bytes", "virtual time", "state"]
    rows = found.isEmpty ? [] : [header] + found
  }

  private static func rows(_ folder: URL, path: String, level: Int) -> [[String]] {
    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appending(path: name).path)
    }
    let name = path.isEmpty ? folder.lastPathComponent : path
    if exists("sweep.csv"), level > 0 {
      return reading(name) { [try sweep(folder, name)] }
    }
    if exists("rounds.csv") { return reading(name) { try run(folder, name) } }
    guard level < mostLevels else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name -> [[String]] in
      let below = folder.appending(path: name, directoryHint: .isDirectory)
      let values = try? below.resourceValues(forKeys: [.isDirectoryKey])
      guard values?.isDirectory == true else { return [] }
      return rows(below, path: path.isEmpty ? name : "\(path)/\(name)", level: level + 1)
    }
  }

  /// A damaged table affects only its own row.
  private static func reading(_ name: String, _ body: () throws -> [[String]]) -> [[String]] {
    do { return try body() } catch { return [[name, "", "", "", "", "", "\(error)"]] }
  }

  private static func run(_ folder: URL, _ name: String) throws -> [[String]] {
    let rows = try RoundRow.readAll(from: folder.appending(path: "rounds.csv")) ?? []
    let manifest = try RunManifest(in: folder)
    var methods: [String] = []
    for row in rows where !methods.contains(row.method) { methods.append(row.method) }
    guard !methods.isEmpty else { return [[name, "", "", "", "", "", "unfinished"]] }
    return methods.map { method in
      let own = rows.filter { $0.method == method }
      let best = own.compactMap(\.accuracy).max()
      return [
        name, method, own.last.map { "\($0.round)" } ?? "",
        best.map(Quantity.share.spelled) ?? "-",
        own.last.map { Quantity.bytes.spelled(Double($0.cumulativeBytes)) } ?? "",
        own.last.map { Quantity.seconds.spelled($0.seconds) } ?? "",
        manifest == nil ? "unfinished" : "finished",
      ]
    }
  }

  private static func sweep(_ folder: URL, _ name: String) throws -> [String] {
    let results = try SweepResults(folder)
    let accuracies = results.rows.compactMap { $0[.bestAccuracy]?.mean }
    let range: String =
      if let low = accuracies.min(), let high = accuracies.max() {
        low == high
          ? Quantity.share.spelled(low)
          : "\((low * 100).fixed(1)) to \(Quantity.share.spelled(high))"
      } else { "-" }
    let keys = results.keys + (results.isOverSeeds ? ["seed"] : [])
    return [
      name, results.methods.joined(separator: ", "), "", range, "", "",
      "sweep of \(results.runs) runs over \(keys.joined(separator: ", "))",
    ]
  }
}
