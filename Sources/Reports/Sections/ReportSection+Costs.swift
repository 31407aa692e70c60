extension ReportSection {
  /// Bytes, memory, energy and computation by method.
  static func costs(_ results: RunResults) -> ReportSection {
    var section = ReportSection(identifier: "costs", title: "Costs by method")
    section.figures = [
      figure(
        results, "bytes", "Traffic by method",
        "All bytes of the run, down to the devices and up to the server.",
        [(.bytesDown, "down", SeriesStyle(index: 4)), (.bytesUp, "up", SeriesStyle(index: 2))]),
      figure(
        results, "memory", "Peak memory by method",
        "The largest memory that any device of the fleet would need for a task\(results.runtimeRemark).",
        [(.peakMemory, "", nil)]),
      figure(
        results, "computation", "Computation by method",
        "The floating-point operations of all devices together.", [(.flops, "", nil)]),
      figure(
        results, "energy", "Energy by method", "The energy of all devices together.",
        [(.energy, "", nil)]),
    ].compactMap { $0 }
    if !results.hasEnergy {
      section.omissions.append(
        "There is no energy: no device class of the scenario sets power.")
    }
    if !results.isFinished {
      section.omissions.append(
        "There is no figure of peak memory: it is computed only when a run finishes."
      )
    }
    return section
  }

  /// A dot per measure, with a row per method; nil if no method has any.
  private static func figure(
    _ results: RunResults, _ identifier: String, _ title: String, _ caption: String,
    _ measures: [(measure: Measure, name: String, style: SeriesStyle?)]
  ) -> Figure? {
    let quantity = measures[0].measure.quantity
    let rows = results.methods.map { method in
      DotChart.Row(
        name: method.name,
        dots: measures.compactMap { measure in
          method.summary[measure.measure].map { value in
            DotChart.Dot(
              value: value, style: measure.style ?? method.style,
              label: quantity.spelled(value))
          }
        })
    }
    let values = rows.flatMap { $0.dots.map(\.value) }
    guard let most = values.max(), most > 0 else { return nil }
    let isLogarithmic = Axis.spansDecades(values)
    var chart = DotChart(
      axis: .init(
        title: measures[0].measure == .peakMemory ? "memory" : identifier, quantity: quantity,
        isLogarithmic: isLogarithmic, fromZero: true),
      rows: rows)
    chart.isSpread = true
    return Figure(
      identifier: "cost-\(identifier)", title: title, caption: caption,
      legend: measures.count == 1
        ? [] : measures.map { .init(name: $0.name, look: .mark($0.style!)) },
      table: DataTable(
        columns: [.init("method", isNumber: false)] + measures.map { .init($0.measure.rawValue) },
        rows: results.methods.map { method in
          [.init(method.name)] + measures.map { .init(method.summary[$0.measure], quantity) }
        }), draw: chart.draw)
  }
}
