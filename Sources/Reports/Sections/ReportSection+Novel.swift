extension ReportSection {
  /// Accuracy on classes that clients train on, and on novel ones; nil without novel classes.
  static func novelClasses(_ results: RunResults) -> ReportSection? {
    let series = results.methods.map { method in
      (method: method, rows: method.rounds.filter { $0.harmonicMean != nil })
    }.filter { !$0.rows.isEmpty }
    guard !series.isEmpty else { return nil }
    var section = ReportSection(identifier: "novel", title: "Base and novel classes")
    section.paragraphs = [
      "No client has a sample of a novel class. Test images of base classes are classified among the base classes, those of novel classes among the novel ones; the harmonic mean of both accuracies is 2bn/(b + n)."
    ]
    let chart = LineChart(byVersion: series, of: "harmonic mean") { $0.harmonicMean! }
    section.figures = [
      Figure(
        identifier: "novel-harmonic", title: "Harmonic mean of base and novel accuracy",
        caption: "By server version; the table has both parts.",
        legend: series.map { .init(name: $0.method.name, look: .series($0.method.style)) },
        table: table(series.flatMap { series in series.rows.map { (series.method.name, $0) } }),
        draw: chart.draw)
    ]
    section.tables = [
      (
        "Before training and at the end.",
        table(
          series.flatMap { series in
            [series.rows[0], series.rows[series.rows.count - 1]].map { (series.method.name, $0) }
          })
      )
    ]
    return section
  }

  private static func table(_ rows: [(method: String, row: RoundRow)]) -> DataTable {
    DataTable(
      columns: [
        .init("method", isNumber: false), .init("version"), .init("base"), .init("novel"),
        .init("harmonic mean"),
      ],
      rows: rows.map { method, row in
        [
          .init(method), .init(row.round), .init(row.baseAccuracy, .share),
          .init(row.novelAccuracy, .share), .init(row.harmonicMean, .share),
        ]
      })
  }
}
