import Foundation

/// The results at the top of a sweep's folder: a row for each method of each combination.
struct SweepResults {
  /// The estimate of a measure over the seeds of a combination.
  struct Estimate: Equatable {
    let mean: Double
    /// Half the width of the mean's 95 % confidence interval; nil for a single run.
    let interval: Double?
  }

  /// A method in one combination of the swept keys, over the seeds.
  struct Row {
    /// The value of each key.
    let values: [String]
    let method: String
    /// The number of runs.
    let seeds: Int
    fileprivate let estimates: [Measure: Estimate]

    /// Nil if the measure is missing in some run.
    subscript(_ measure: Measure) -> Estimate? { estimates[measure] }
  }

  let folder: URL
  /// The swept key paths, except the seed.
  let keys: [String]
  /// Whether the rows are means over seeds.
  let isOverSeeds: Bool
  let rows: [Row]
  /// In the sweep's order.
  let methods: [String]
  /// The number of runs.
  let runs: Int
  /// The tested versions of each combination and method; empty if a run's own table does not exist.
  let entries: [ProtocolEntry]
  /// Nil if the runs have none, or different ones.
  let targetAccuracy: Double?

  static func isSweep(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "sweep.csv").path)
  }

  /// - Throws: `ReportError` if a table is damaged or empty.
  init(_ folder: URL) throws {
    self.folder = folder
    let file = folder.appending(path: "sweep.csv")
    let single = try Self.table(file, requiring: ["run", "method"])
    guard !single.rows.isEmpty else {
      throw ReportError("\(file.path) has no rows yet; the sweep must finish a run first")
    }
    runs = Set(single.rows.map { $0.text("run") }).count
    let summary = folder.appending(path: "summary.csv")
    isOverSeeds = FileManager.default.fileExists(atPath: summary.path)
    let table = isOverSeeds ? try Self.table(summary, requiring: ["method", "seeds"]) : single
    let isOverSeeds = isOverSeeds
    let names = table.header.filter { $0.hasPrefix("sweep:") }
    keys = names.map { String($0.dropFirst("sweep:".count)) }
    rows = try table.rows.map { row in
      var estimates: [Measure: Estimate] = [:]
      for measure in Measure.allCases {
        let mean = try row.optionalNumber(
          isOverSeeds ? "\(measure.rawValue)_mean" : measure.rawValue)
        guard let mean else { continue }
        estimates[measure] = Estimate(
          mean: mean, interval: try row.optionalNumber("\(measure.rawValue)_ci95"))
      }
      return Row(
        values: names.map(row.text), method: row.text("method"),
        seeds: isOverSeeds ? try row.integer("seeds") : 1, estimates: estimates)
    }
    var methods: [String] = []
    for row in rows where !methods.contains(row.method) { methods.append(row.method) }
    self.methods = methods
    entries = try Self.entries(folder, single.rows, names)
    let targets = try Set(single.rows.map { try $0.optionalNumber("target_accuracy") })
    targetAccuracy = targets.count == 1 ? targets.first! : nil
  }

  /// Reads the rounds of all runs, in the order of the rows.
  private static func entries(
    _ folder: URL, _ rows: [CSVRow], _ columns: [String]
  ) throws -> [ProtocolEntry] {
    var order: [[String]] = []
    var runs: [[String]: [[RoundRow]]] = [:]
    var read: (name: String, rounds: [String: [RoundRow]])?
    for row in rows {
      let name = row.text("run")
      if read?.name != name {
        let file = folder.appending(path: "\(name)/rounds.csv")
        guard let rounds = try RoundRow.readAll(from: file) else { return [] }
        read = (name, Dictionary(grouping: rounds, by: \.method))
      }
      let method = row.text("method")
      let key = columns.map(row.text) + [method]
      if runs[key] == nil { order.append(key) }
      runs[key, default: []].append(read?.rounds[method] ?? [])
    }
    return order.map {
      ProtocolEntry(values: Array($0.dropLast()), method: $0.last!, runs: runs[$0]!)
    }
  }

  /// The folders of the runs, in the sweep's order.
  static func runFolders(_ folder: URL) throws -> [URL] {
    var names: [String] = []
    let table = try table(folder.appending(path: "sweep.csv"), requiring: ["run"])
    for row in table.rows where names.last != row.text("run") { names.append(row.text("run")) }
    return names.map { folder.appending(path: $0, directoryHint: .isDirectory) }
  }

  private static func table(_ file: URL, requiring columns: [String]) throws
    -> (header: [String], rows: [CSVRow])
  {
    let reader = try CSVReader(file, requiring: columns)
    var rows: [CSVRow] = []
    while let row = try reader.row() { rows.append(row) }
    return (reader.header, rows)
  }
}
