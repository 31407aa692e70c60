/// The report of a sweep, which compares its combinations.
struct SweepReport {
  let results: SweepResults

  var page: ReportPage {
    ReportPage(
      title: "\(results.folder.lastPathComponent): a sweep", subtitle: subtitle,
      sections: [figures, protocols, table].compactMap { $0 }, footer: footer)
  }

  /// Identifies the report of a sweep.
  static let mark = "Made from sweep.csv"

  private var subtitle: String {
    let keys = results.keys.isEmpty ? "" : " over \(results.keys.joined(separator: ", "))"
    return
      "\(results.runs) \(results.runs == 1 ? "run" : "runs")\(keys), with \(results.methods.joined(separator: ", "))."
  }

  private var footer: String {
    "\(Self.mark) and summary.csv, written by flora. Each numbered folder is a run; flora report makes a report of each."
  }

  // MARK: Figures

  private var figures: ReportSection {
    var section = ReportSection(identifier: "swept", title: "Effect of the swept keys")
    section.paragraphs = [
      results.isOverSeeds
        ? "Points are means over seeds; bars are the means' 95 % intervals by Student's t."
        : "Each point is one run: no seeds were swept, so there are no intervals."
    ]
    let measures = figureMeasures
    section.figures = measures.flatMap { measure in
      results.keys.indices.compactMap { SweepFigure(results, measure, key: $0)?.figure }
        + [SweepFigure.combinations(results, measure)].compactMap { $0 }
    }
    if !measures.contains(.finalAccuracy) {
      section.omissions.append("There is no accuracy: the runs are timing-only (training: none).")
    }
    if results.rows.count > SweepFigure.mostRows {
      section.omissions.append(
        "There is no figure of all combinations: \(results.rows.count) rows are too many for it; see the table."
      )
    }
    return section
  }

  private var figureMeasures: [Measure] {
    let accuracy: [Measure] = [.finalAccuracy, .bytesToTarget]
    let timing: [Measure] = [.time, .bytesPerRoundPerClient]
    func known(_ measure: Measure) -> Bool {
      results.rows.contains { $0[measure].map { $0.mean > 0 } ?? false }
    }
    return known(.finalAccuracy) ? accuracy.filter(known) : timing.filter(known)
  }

  /// Nil if the runs' own tables no longer exist.
  private var protocols: ReportSection? {
    results.entries.isEmpty
      ? nil : .protocols(results.entries, keys: results.keys, target: results.targetAccuracy)
  }

  // MARK: Table

  private var table: ReportSection {
    var section = ReportSection(identifier: "combinations", title: "All combinations")
    let measures = Measure.allCases.filter { measure in
      results.rows.contains { $0[measure] != nil }
    }
    section.tables = [
      (
        results.isOverSeeds
          ? "Means over the seeds, ± half the mean's 95 % interval; a dash where a run does not have the measure."
          : "The runs' own numbers; a dash where a run does not have the measure.",
        DataTable(
          columns: results.keys.map { .init($0, isNumber: false) }
            + [.init("method", isNumber: false), .init("seeds")]
            + measures.flatMap { measure in
              [.init(measure.title)]
                + (results.isOverSeeds ? [.init("± 95 %")] : []) as [DataTable.Column]
            },
          rows: results.rows.map { row in
            row.values.map { .init($0) } + [.init(row.method), .init(row.seeds)]
              + measures.flatMap { measure in
                [.init(row[measure]?.mean, measure.quantity)]
                  + (results.isOverSeeds
                    ? [.init(row[measure]?.interval, measure.quantity)] : []) as [DataTable.Cell]
              }
          })
      )
    ]
    return section
  }
}
