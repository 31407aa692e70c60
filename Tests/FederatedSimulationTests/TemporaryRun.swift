import Foundation

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// A run whose results are read and then deleted.
struct TemporaryRun {
  let summaries: [MethodSummary]
  /// The text of each file, by path in the results folder.
  let files: [String: Data]

  /// The warnings shown to the user.
  let warnings: [String]

  init(_ scenario: Scenario, workers: Int = 2, cache: FeatureCache? = nil) throws {
    try self.init(Experiment(scenario), workers: workers, cache: cache)
  }

  /// - Parameter stop: ends a run that would never finish, with an error.
  init(
    _ experiment: Experiment, workers: Int = 2, cache: FeatureCache? = nil,
    stop: (any StopSignal)? = nil
  ) throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let observer = RecordingObserver()
    var run = ExperimentRun(
      experiment, workers: workers, cache: cache, stop: stop, observer)
    summaries = try run.run(into: directory)
    warnings = observer.warnings
    files = try Self.files(in: directory)
  }

  /// A folder's files, by path.
  static func files(in directory: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let paths = FileManager.default.enumerator(atPath: directory.path)!.compactMap { $0 as? String }
    for path in paths {
      let file = directory.appending(path: path)
      let isFile = try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
      if isFile { files[path] = try Data(contentsOf: file) }
    }
    return files
  }

  var csvFiles: [String: Data] { files.filter { $0.key.hasSuffix(".csv") } }

  /// The run's results: everything except when and how it ran.
  var results: [String: Data] { files.filter { $0.key != "manifest.json" } }

  /// The number of samples whose image features the run needed, and how many came from the cache.
  var imageFeatures: (samples: Int, fromCache: Int) {
    get throws {
      let manifest = try JSONSerialization.jsonObject(with: files["manifest.json"]!)
      let features = (manifest as? [String: Any])?["image_features"] as? [String: Any]
      return (features?["samples"] as? Int ?? -1, features?["from_cache"] as? Int ?? -1)
    }
  }

  /// The rows of a table, as values by column.
  func rows(_ file: String) -> [[String: String]] { CSVRows.rows(files[file]!) }
}

enum CSVRows {
  /// The rows of a table as values by column.
  static func rows(_ data: Data) -> [[String: String]] {
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .map(CSVFile.fields)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }
}

private final class RecordingObserver: ProgressObserver {
  private(set) var warnings: [String] = []

  func observe(_ progress: RunProgress) {
    if case .warning(let sentence) = progress { warnings.append(sentence) }
  }
}
