import Foundation

@testable import FederatedSimulation

/// A run whose results are read and thrown away.
struct TemporaryRun {
  let summaries: [MethodSummary]
  /// The text of each file, by its path below the results' folder.
  let files: [String: Data]

  init(_ scenario: Scenario, workers: Int = 2) throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    var run = try ExperimentRun(Experiment(scenario), workers: workers, NoObserver())
    summaries = try run.run(into: directory)
    var files: [String: Data] = [:]
    let paths = FileManager.default.enumerator(atPath: directory.path)!.compactMap { $0 as? String }
    for path in paths {
      let file = directory.appending(path: path)
      let isFile = try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
      if isFile { files[path] = try Data(contentsOf: file) }
    }
    self.files = files
  }

  var csvFiles: [String: Data] { files.filter { $0.key.hasSuffix(".csv") } }

  /// The rows of a table, as values by column.
  func rows(_ file: String) -> [[String: String]] {
    let lines = String(decoding: files[file]!, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }
}

private struct NoObserver: ProgressObserver {
  func observe(_ progress: RunProgress) {}
}
