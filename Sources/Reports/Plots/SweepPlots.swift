/// The plots of a sweep, with the data file that they read.
struct SweepPlots {
  let results: SweepResults

  private static let measures: [Measure] = [.finalAccuracy, .bytesToTarget, .time]

  var plots: PlotSet {
    var set = PlotSet()
    guard results.rows.count <= SweepFigure.mostRows else { return set }
    set.data.append(
      GnuplotData(
        name: "sweep.dat",
        columns: ["place"]
          + Self.measures.flatMap { [$0.rawValue, "\($0.rawValue)_ci95"] },
        blocks: results.methods.map { method in
          .init(
            name: method,
            rows: results.rows.enumerated().filter { $0.element.method == method }.map {
              place, row in
              ["\(results.rows.count - 1 - place)"]
                + Self.measures.flatMap { measure in
                  [row[measure]?.mean.plain, row[measure].map { ($0.interval ?? 0).plain }]
                }
            })
        }))
    set.figures = Self.measures.enumerated().filter { _, measure in
      results.rows.contains { $0[measure].map { $0.mean > 0 } ?? false }
    }.map(figure)
    return set
  }

  private func figure(_ place: Int, _ measure: Measure) -> GnuplotFigure {
    let column = 2 * place + 2
    let names = results.rows.reversed().map { ([$0.method] + $0.values).joined(separator: " ") }
    let labels = names.enumerated().map { "\(GnuplotText.quoted($1)) \($0)" }
    let factor = measure.quantity == .share ? 100 : 1
    let unit =
      measure.quantity == .share
      ? "(%)" : measure.quantity == .seconds ? "(s)" : ""
    return GnuplotFigure(
      name: "sweep-\(measure.rawValue)",
      title: "\(measure.title)\(results.isOverSeeds ? ": means and 95 % intervals" : "")",
      settings: [
        "set ytics (\(labels.joined(separator: ", ")))",
        "set yrange [-0.5:\(names.count - 1).5]", "set xlabel '\(measure.title) \(unit)'",
      ] + (measure.quantity == .bytes ? ["set format x '%.0s %cB'"] : []),
      elements: results.methods.enumerated().map { index, method in
        "'sweep.dat' index \(index) using (\(factor) * $\(column)):1:(\(factor) * $\(column + 1)) with xerrorbars \(SeriesStyle(index: index).gnuplot) title \(GnuplotText.quoted(method))"
      }, height: 240 + 24 * names.count)
  }
}
