/// A measure against the values of a swept key: a line for each method in each combination of the
/// other keys.
struct SweepFigure {
  private let results: SweepResults
  private let measure: Measure
  private let key: Int
  private let lines: [Line]

  private struct Line {
    let name: String
    let rows: [(x: Double, row: SweepResults.Row)]
  }

  static let mostRows = 48
  /// More lines than distinct styles would be unreadable.
  private static let mostLines = 2 * SeriesStyle.count

  /// Nil if the key's values are not numbers, or there are too few or too many for lines.
  init?(_ results: SweepResults, _ measure: Measure, key: Int) {
    var names: [String] = []
    var byName: [String: [(x: Double, row: SweepResults.Row)]] = [:]
    for row in results.rows {
      guard let x = Double(row.values[key]), x.isFinite else { return nil }
      guard row[measure] != nil else { continue }
      let name = Self.name(row, results, without: key)
      if byName[name] == nil { names.append(name) }
      byName[name, default: []].append((x, row))
    }
    guard Set(byName.values.joined().map(\.x)).count > 1, names.count <= Self.mostLines else {
      return nil
    }
    self.results = results
    self.measure = measure
    self.key = key
    lines = names.map { Line(name: $0, rows: byName[$0]!.sorted { $0.x < $1.x }) }
  }

  private static func name(
    _ row: SweepResults.Row, _ results: SweepResults, without key: Int?
  ) -> String {
    ([row.method]
      + zip(results.keys, row.values).enumerated().filter { $0.offset != key }.map {
        "\($0.element.0) = \($0.element.1)"
      }).joined(separator: ", ")
  }

  var figure: Figure {
    let values = lines.flatMap { $0.rows.map(\.x) }
    let heights = lines.flatMap { $0.rows.compactMap { $0.row[measure]?.mean } }
    let lowest = lines.flatMap {
      $0.rows.compactMap { row in row.row[measure].map { $0.mean - ($0.interval ?? 0) } }
    }
    let name = results.keys[key]
    let chart = LineChart(
      x: .init(
        title: name, quantity: .number, isLogarithmic: Axis.spansDecades(values),
        marked: Set(values).sorted()),
      y: .init(
        title: measure.title, quantity: measure.quantity,
        isLogarithmic: measure.quantity != .share && Axis.spansDecades(heights)
          && lowest.allSatisfy { $0 > 0 }),
      series: lines.enumerated().map { index, line in
        .init(
          name: line.name, points: line.rows.map { .init(x: $0.x, y: $0.row[measure]!.mean) },
          intervals: line.rows.map { $0.row[measure]!.interval }, style: SeriesStyle(index: index))
      })
    return Figure(
      identifier: "swept-\(measure.rawValue)-\(key)",
      title: "\(measure.title) by \(name)".capitalizedFirst,
      caption: Self.caption(results, measure),
      legend: lines.enumerated().map { .init(name: $1.name, look: .series(.init(index: $0))) },
      table: Self.table(results, measure, lines.flatMap { $0.rows.map(\.row) }), draw: chart.draw)
  }

  /// A row for each combination, whatever was swept; nil if there are too many.
  static func combinations(_ results: SweepResults, _ measure: Measure) -> Figure? {
    let rows = results.rows.filter { $0[measure] != nil }
    guard (1...mostRows).contains(rows.count) else { return nil }
    let means = rows.map { $0[measure]!.mean }
    let lows = rows.map { $0[measure]!.mean - ($0[measure]!.interval ?? 0) }
    let chart = DotChart(
      axis: .init(
        title: measure.title, quantity: measure.quantity,
        isLogarithmic: measure.quantity != .share && Axis.spansDecades(means)
          && lows.allSatisfy { $0 > 0 }),
      rows: rows.map { row in
        .init(
          name: ([row.method] + row.values).joined(separator: " · "),
          dots: [
            .init(
              value: row[measure]!.mean, interval: row[measure]!.interval,
              style: SeriesStyle(index: results.methods.firstIndex(of: row.method)!))
          ])
      })
    return Figure(
      identifier: "combinations-\(measure.rawValue)",
      title: "\(measure.title) of every combination".capitalizedFirst,
      caption: caption(results, measure)
        + (results.keys.isEmpty
          ? "" : " After a method, the values of \(results.keys.joined(separator: ", "))."),
      legend: results.methods.enumerated().map { .init(name: $1, look: .mark(.init(index: $0))) },
      table: table(results, measure, rows), draw: chart.draw)
  }

  private static func caption(_ results: SweepResults, _ measure: Measure) -> String {
    results.isOverSeeds
      ? "\(measure.title.capitalizedFirst): the mean over the seeds, and its 95 % interval."
      : "\(measure.title.capitalizedFirst) of each run."
  }

  private static func table(
    _ results: SweepResults, _ measure: Measure, _ rows: [SweepResults.Row]
  ) -> DataTable {
    DataTable(
      columns: results.keys.map { .init($0, isNumber: false) }
        + [
          .init("method", isNumber: false), .init("seeds"), .init(measure.rawValue),
          .init("ci95"),
        ],
      rows: rows.map { row in
        row.values.map { .init($0) } + [
          .init(row.method), .init(row.seeds), .init(row[measure]?.mean, measure.quantity),
          .init(row[measure]?.interval, measure.quantity),
        ]
      })
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
