import Foundation

/// A comparison of several runs: the results and costs of their methods, their accuracy curves, and
/// the differences between their scenarios.
package struct RunComparison {
  /// A run, with a name that is unique in the comparison.
  private struct Run {
    let name: String
    let results: RunResults
  }

  private let runs: [Run]
  /// All methods of all runs, as if of one run.
  private let combined: RunResults

  /// Reads the tables and manifests of runs.
  ///
  /// - Throws: `ReportError` if a folder is not a run's, occurs twice, or contains a damaged table.
  package init(_ folders: [URL]) throws {
    let names = Self.names(folders)
    var runs: [Run] = []
    for (folder, name) in zip(folders, names) {
      try ResultsFolderCheck.check(folder)
      if SweepResults.isSweep(folder) {
        throw ReportError(
          "\(folder.path) is a sweep; name runs of it, such as \(folder.appending(path: "1").path), or use flora report"
        )
      }
      if runs.contains(where: { $0.name == name }) {
        throw ReportError("\(folder.path) is named twice; name each run once")
      }
      runs.append(Run(name: name, results: try RunResults(folder, readsTasks: false)))
    }
    self.runs = runs
    combined = RunResults(
      combining: runs.map { (name: $0.name, results: $0.results) })
  }

  /// The shortest last components of the folders' paths that distinguish them.
  static func names(_ folders: [URL]) -> [String] {
    let paths = folders.map { $0.standardizedFileURL.pathComponents.filter { $0 != "/" } }
    let longest = paths.map(\.count).max() ?? 1
    for count in 1...max(1, longest) {
      let names = paths.map { $0.suffix(count).joined(separator: "/") }
      if Set(names).count == names.count { return names }
    }
    return paths.map { $0.joined(separator: "/") }
  }

  // MARK: Text

  /// The number of methods above which each is a row rather than a column.
  private static let mostColumns = 4

  /// The rows of the summary table, starting with its header.
  package var summary: [[String]] {
    let methods = combined.methods
    let rows =
      [[""] + methods.map(\.name)]
      + measures.map { measure in
        [measure.title] + methods.map { text($0, measure) }
      }
    guard methods.count > Self.mostColumns else { return rows }
    return rows[0].indices.map { column in rows.map { $0[column] } }
  }

  private var measures: [Measure] {
    Measure.allCases.filter { measure in
      combined.methods.contains { $0.summary[measure] != nil }
    }
  }

  private func text(_ method: RunResults.Method, _ measure: Measure) -> String {
    method.summary[measure].map(measure.quantity.spelled)?.replacing("\u{202F}", with: " ") ?? "-"
  }

  /// Accuracy against traffic and virtual time, with a line per method; empty if nothing was
  /// tested.
  package var curves: [String] {
    [AccuracyCost.bytes, .time].flatMap { cost in
      TextCurves(combined.methods, cost)?.lines ?? []
    }
  }

  /// The unit of the amounts in `differences`.
  package static let units =
    "Amounts without a unit are bytes, bits or operations per second, nanoseconds and watts."

  /// The rows of the table of differences, starting with its header; empty if there are none.
  package var differences: [[String]] {
    let known = runs.filter { $0.results.manifest != nil }
    let settings = known.map { Self.settings($0.results.manifest) }
    var keys: [String] = []
    for key in settings.flatMap({ $0.map(\.path) }) where !keys.contains(key) { keys.append(key) }
    let values = settings.map {
      Dictionary($0.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
    }
    let rows = keys.sorted().compactMap { key -> [String]? in
      let row = values.map { $0[key] ?? "-" }
      return Set(row).count > 1 ? [key] + row : nil
    }
    return rows.isEmpty ? [] : [["key"] + known.map(\.name)] + rows
  }

  /// Runs without a manifest, whose scenarios are unknown.
  package var unfinished: [String] {
    runs.filter { $0.results.manifest == nil }.map(\.name)
  }

  /// The scenario by dotted keys, with methods and device classes by name, and the other inputs of
  /// the results.
  private static func settings(_ manifest: RunManifest?) -> [ScenarioLines.Line] {
    guard let manifest, case .object(let members) = manifest.scenario else { return [] }
    return members.flatMap { ScenarioLines.namedLines($0.value, path: $0.key.snakeCase) }
      + manifest.origin.map { ScenarioLines.Line(path: "(\($0.name))", text: $0.value) }
  }

  // MARK: Page

  /// Identifies the page.
  private static let mark = "Made by flora compare"

  /// Writes the comparison as one self-contained page.
  ///
  /// - Throws: `ReportError` if a different file of that name exists, or the page cannot be
  ///   written.
  package func writePage(to file: URL) throws {
    if let known = try? Data(contentsOf: file), !known.isEmpty,
      known.range(of: Data(Self.mark.utf8)) == nil
    {
      throw ReportError(
        "\(file.relativePath) was not written by flora compare; choose another file")
    }
    let html = try page.html()
    do { try Data(html.utf8).write(to: file, options: .atomic) } catch {
      throw ReportError("\(file.relativePath) cannot be written: \(error.localizedDescription)")
    }
  }

  private var page: ReportPage {
    ReportPage(
      title: "Comparison of \(runs.map(\.name).joined(separator: ", "))",
      subtitle: "\(runs.count) runs with \(combined.methods.count) methods.",
      sections: [summarySection, .accuracy(combined), .costs(combined), differencesSection]
        .compactMap { $0 },
      footer: "\(Self.mark) from the tables and manifests of the runs. Times are simulated.")
  }

  private var summarySection: ReportSection {
    var section = ReportSection(identifier: "summary", title: "Summary")
    section.tables = [
      (
        "Each method's totals.",
        DataTable(
          columns: [.init("method", isNumber: false)] + measures.map { .init($0.title) },
          rows: combined.methods.map { method in
            [.init(method.name)] + measures.map { .init(method.summary[$0], $0.quantity) }
          })
      )
    ]
    if Set(combined.methods.map { $0.summary.targetAccuracy ?? -1 }).count > 1 {
      section.omissions.append("The runs have different target accuracies.")
    }
    return section
  }

  private var differencesSection: ReportSection {
    var section = ReportSection(
      identifier: "differences", title: "Differences between the scenarios")
    let rows = differences
    if let header = rows.first {
      section.tables = [
        (
          "Keys whose values differ; a dash where a scenario lacks the key. \(Self.units)",
          DataTable(
            columns: header.map { .init($0, isNumber: false) },
            rows: rows.dropFirst().map { $0.map { .init($0) } })
        )
      ]
    } else {
      section.paragraphs = ["The scenarios do not differ."]
    }
    if !unfinished.isEmpty {
      section.omissions.append(
        "The scenarios of unfinished runs are not known: \(unfinished.joined(separator: ", ")).")
    }
    return section
  }
}
