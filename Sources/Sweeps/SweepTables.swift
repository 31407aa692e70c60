import Foundation
import Results
import Scenario
import Storage

/// sweep.csv and summary.csv of a sweep's folder, which several processes write, one at a time.
struct SweepTables {
  private let sweep: ScenarioSweep
  private let directory: URL
  /// The combinations known to be finished.
  private(set) var finished: Set<Int> = []

  init(_ sweep: ScenarioSweep, in directory: URL) {
    self.sweep = sweep
    self.directory = directory
  }

  /// The folder of a combination.
  func folder(of index: Int) -> URL {
    directory.appending(path: name(of: index), directoryHint: .isDirectory)
  }

  private func name(of index: Int) -> String {
    SweepRun.folderName(number: index + 1, of: sweep.points.count)
  }

  /// The folder names of all combinations.
  var folders: Set<String> { Set(sweep.points.indices.map(name)) }

  /// Records a combination that this process finished, or found finished.
  mutating func finish(_ index: Int) { finished.insert(index) }

  /// Writes the tables of all finished combinations, of this and other processes, while no other
  /// process writes them.
  ///
  /// - Parameters:
  ///   - replacing: whether existing tables are replaced even by tables without rows, so that those
  ///     of an earlier sweep are not mistaken for this one's.
  ///   - prepare: called first, while no other process writes.
  mutating func update(replacing: Bool = false, _ prepare: () throws -> Void = {}) throws {
    let lock = try? OwnedFolder(directory, name: ".tables.lock", waits: true)
    defer { withExtendedLifetime(lock) {} }
    try prepare()
    for (index, point) in sweep.points.enumerated() where !finished.contains(index) {
      if FinishedRun.appears(in: folder(of: index), of: point.scenario) { finished.insert(index) }
    }
    guard !replacing || contents.contains(where: { $0 != nil }) else { return }
    var table = SweepTable(keys: sweep.keys)
    for index in finished.sorted() {
      try table.append(folder(of: index), values: sweep.points[index].values)
    }
    try write(table)
  }

  /// Nil for a table that does not exist.
  var contents: [Data?] {
    ["sweep.csv", "summary.csv"].map { try? Data(contentsOf: directory.appending(path: $0)) }
  }

  private func write(_ table: SweepTable) throws {
    try write(table.runs, to: directory.appending(path: "sweep.csv"))
    let summary = directory.appending(path: "summary.csv")
    if let text = table.overSeeds {
      try write(text, to: summary)
    } else {
      try? FileManager.default.removeItem(at: summary)
    }
  }

  private func write(_ text: String, to file: URL) throws {
    do { try DurableFile.write(text.utf8, to: file) } catch {
      throw ResultsFault.unwritable(error)
    }
  }
}
