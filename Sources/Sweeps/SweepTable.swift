import Foundation
import Results

/// The summaries of a sweep's finished runs as rows: the run's folder, the swept values, and the
/// columns of summary.csv.
struct SweepTable {
  private let keys: [String]
  private(set) var rows: [Row] = []

  struct Row {
    let folder: String
    let values: [String]
    /// The fields of a method in the run's summary.csv, by column.
    let fields: [String]
  }

  init(keys: [String]) { self.keys = keys }

  /// Adds a finished run.
  ///
  /// - Throws: if its summary cannot be read.
  mutating func append(_ folder: URL, values: [String]) throws {
    let text = try String(contentsOf: folder.appending(path: "summary.csv"), encoding: .utf8)
    for line in text.split(separator: "\n").dropFirst() {
      rows.append(
        Row(folder: folder.lastPathComponent, values: values, fields: CSVFile.fields(of: line)))
    }
  }

  /// sweep.csv: a row for each method of each run.
  var runs: String {
    let header = ["run"] + keys.map { "sweep:\($0)" } + MethodSummary.header
    return ([header] + rows.map { [$0.folder] + $0.values + $0.fields })
      .map(CSVFile.line).joined()
  }

  /// summary.csv: a row for each method of each combination, over the seeds; nil if no seeds were
  /// swept.
  ///
  /// A measure that is missing in some run, such as the bytes to a target that it did not reach,
  /// stays empty.
  var overSeeds: String? {
    guard let seedKey = keys.firstIndex(of: "seed") else { return nil }
    let measures = MethodSummary.measures.map(\.column)
    let header =
      keys.filter { $0 != "seed" }.map { "sweep:\($0)" } + ["method", "seeds"]
      + measures.flatMap { ["\($0)_mean", "\($0)_sd", "\($0)_ci95"] }
    let columns = MethodSummary.header
    let method = columns.firstIndex(of: "method")!
    var order: [[String]] = []
    var groups: [[String]: [Row]] = [:]
    for row in rows {
      var name = row.values
      name.remove(at: seedKey)
      name.append(row.fields[method])
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(row)
    }
    let lines = order.map { name -> [String] in
      let group = groups[name]!
      return name + ["\(group.count)"]
        + measures.flatMap { measure -> [String] in
          let place = columns.firstIndex(of: measure)!
          let values = group.compactMap { Double($0.fields[place]) }
          guard values.count == group.count else { return ["", "", ""] }
          let statistics = SeedStatistics(values)
          return [
            statistics.mean.decimalText, statistics.deviation?.decimalText ?? "",
            statistics.interval?.decimalText ?? "",
          ]
        }
    }
    return ([header] + lines).map(CSVFile.line).joined()
  }
}
