extension ReportSection {
  /// The highlighted numbers, and a comparison of all numbers of summary.csv.
  static func overview(_ results: RunResults) -> ReportSection {
    var section = ReportSection(identifier: "overview", title: "Overview")
    section.cards = cards(results)
    section.tables =
      results.methods.count <= mostColumns
      ? [(tableCaption(results), table(results))] : longTables(results)
    if !results.isFinished {
      section.omissions.append(
        "The run was stopped before it finished: there is no summary.csv, and the table sums the rounds so far."
      )
    }
    if !results.hasAccuracy {
      section.omissions.append(
        "The run is timing-only (training: none), so there is no accuracy.")
    }
    return section
  }

  // MARK: Cards

  private static func cards(_ results: RunResults) -> [Card] {
    let target =
      results.targetAccuracy.map {
        " " + Quantity.share.spelled($0).replacing(" ", with: "\u{A0}")
      } ?? ""
    return [
      card(results, .bestAccuracy, "Best accuracy", isBestLeast: false),
      card(results, .bytesToTarget, "Least traffic to\(target)"),
      card(results, .timeToTarget, "Shortest time to\(target)"),
      results.targetAccuracy == nil || !results.hasAccuracy
        ? card(results, .bytesPerRoundPerClient, "Least traffic per round and client") : nil,
      results.hasAccuracy ? nil : card(results, .time, "Shortest virtual time"),
      results.hasEnergy ? card(results, .energy, "Least device energy") : nil,
      card(results, .peakMemory, "Least peak memory"),
      card(results, .eligibleShare, "Most devices can take part", isBestLeast: false),
    ].compactMap { $0 }
  }

  /// The best method by a measure; nil if no method has it.
  private static func card(
    _ results: RunResults, _ measure: Measure, _ label: String, isBestLeast: Bool = true
  ) -> Card? {
    let known = results.methods.compactMap { method in
      method.summary[measure].map { (method: method, value: $0) }
    }
    guard
      let best = isBestLeast
        ? known.min(by: { $0.value < $1.value }) : known.max(by: { $0.value < $1.value })
    else { return nil }
    let equals = known.filter { $0.value == best.value }
    var note = equals.count == known.count && known.count > 1 ? "all methods" : best.method.name
    if let full = results.full, equals.count < known.count, best.method.name != full.name,
      let ratio = best.method.summary.ratio(measure)
    {
      note +=
        measure.isCost
        ? ", \(Comparison.spelled(ratio)) than \(full.name)"
        : ", \(full.name): \(full.summary[measure].map(measure.quantity.spelled) ?? "–")"
    }
    return Card(label: label, value: measure.quantity.spelled(best.value), note: note)
  }

  // MARK: Table

  /// With more methods, each is a row rather than a column.
  private static let mostColumns = 4

  private static func tableCaption(_ results: RunResults) -> String {
    guard let full = results.full, results.isFinished else { return "Each method's totals." }
    return "Each method's totals, and how they compare with \(full.name), full fine-tuning."
  }

  private static func table(_ results: RunResults) -> DataTable {
    let measures = measures(results)
    let full = results.full
    let compares = full != nil && results.isFinished && results.methods.count > 1
    let columns =
      [DataTable.Column("", isNumber: false)]
      + results.methods.flatMap { method in
        [DataTable.Column(method.name)]
          + (compares && method.name != full?.name ? [DataTable.Column("against full")] : [])
      }
    let rows = measures.map { measure in
      [DataTable.Cell(title(measure, results), raw: measure.rawValue)]
        + results.methods.flatMap { method in
          let value = cell(measure, method)
          guard compares, method.name != full?.name else { return [value] }
          let ratio = measure.isCost ? method.summary.ratio(measure) : nil
          return [
            value,
            ratio.map { DataTable.Cell(Comparison.spelled($0), raw: $0.plain) }
              ?? DataTable.Cell(""),
          ]
        }
    }
    return DataTable(columns: columns, rows: rows)
  }

  /// A row per method: its numbers, with their ratios to full fine-tuning below.
  private static func longTables(_ results: RunResults) -> [(caption: String, table: DataTable)] {
    let measures = measures(results)
    let numbers = DataTable(
      columns: [.init("method", isNumber: false)] + measures.map { .init(title($0, results)) },
      rows: results.methods.map { method in
        [.init(method.name)] + measures.map { cell($0, method) }
      })
    guard let full = results.full, results.isFinished else {
      return [("Each method's totals.", numbers)]
    }
    let costs = measures.filter(\.isCost)
    let ratios = DataTable(
      columns: [.init("method", isNumber: false)] + costs.map { .init(title($0, results)) },
      rows: results.methods.filter { $0.name != full.name }.map { method in
        [.init(method.name)]
          + costs.map { measure in
            method.summary.ratio(measure).map {
              .init(Comparison.spelled($0), raw: $0.plain)
            } ?? .init(nil, measure.quantity)
          }
      })
    return [
      ("Each method's totals.", numbers),
      ("How they compare with \(full.name), full fine-tuning.", ratios),
    ]
  }

  private static func measures(_ results: RunResults) -> [Measure] {
    Measure.allCases.filter { measure in
      results.methods.contains { $0.summary[measure] != nil }
        || (measure.isAboutTarget && results.hasAccuracy && results.targetAccuracy != nil)
    }
  }

  private static func cell(_ measure: Measure, _ method: RunResults.Method) -> DataTable.Cell {
    method.summary[measure] == nil && measure.isAboutTarget
      ? .init("not reached", raw: "") : .init(method.summary[measure], measure.quantity)
  }

  private static func title(_ measure: Measure, _ results: RunResults) -> String {
    guard measure.isAboutTarget, let target = results.targetAccuracy else { return measure.title }
    return measure.title.replacing("the target", with: Quantity.share.spelled(target))
  }
}

extension Measure {
  /// Whether it is the cost of reaching the target accuracy.
  fileprivate var isAboutTarget: Bool { self == .bytesToTarget || self == .timeToTarget }
}
