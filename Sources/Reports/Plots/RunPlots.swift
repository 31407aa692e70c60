/// The plots of a run, with the data files that they read.
struct RunPlots {
  let results: RunResults

  var plots: PlotSet {
    var set = PlotSet()
    accuracy(&set)
    costs(&set)
    outcomes(&set)
    clients(&set)
    timelines(&set)
    fleet(&set)
    return set
  }

  // MARK: Accuracy

  private func accuracy(_ set: inout PlotSet) {
    guard results.hasAccuracy else { return }
    let data = GnuplotData(
      name: "accuracy.dat",
      columns: [
        "round", "cumulative_bytes", "virtual_time_s", "cumulative_energy_j", "test_accuracy",
      ],
      blocks: results.methods.map { method in
        var energy = 0.0
        return .init(
          name: method.name,
          rows: method.rounds.map { row in
            energy += row.energy ?? 0
            return [
              "\(row.round)", "\(row.cumulativeBytes)", DecimalTime.seconds(row.time),
              results.hasEnergy ? energy.plain : nil, row.accuracy?.plain,
            ]
          })
      })
    set.data.append(data)
    let rows = results.methods.flatMap(\.rounds)
    let bytes = rows.map { Double($0.cumulativeBytes) }.filter { $0 > 0 }
    set.figures += [
      curves(
        "accuracy-traffic", "Accuracy against traffic", column: 2,
        GnuplotAxis(
          "traffic", .bytes, covering: bytes, isLogarithmic: Axis.spansDecades(bytes))),
      curves(
        "accuracy-time", "Accuracy against virtual time", column: 3,
        GnuplotAxis(
          "virtual time", .seconds, covering: rows.map(\.seconds), isLogarithmic: false)),
    ]
    if results.hasEnergy {
      let sums = results.methods.map { $0.rounds.reduce(0) { $0 + ($1.energy ?? 0) } }
      set.figures.append(
        curves(
          "accuracy-energy", "Accuracy against device energy", column: 4,
          GnuplotAxis("device energy", .joules, covering: sums, isLogarithmic: false)))
    }
  }

  private func curves(_ name: String, _ title: String, column: Int, _ axis: GnuplotAxis)
    -> GnuplotFigure
  {
    let target = results.targetAccuracy.map {
      ["\((100 * $0).plain) with lines dt 2 lc rgb '#57606a' title 'target'"]
    }
    return GnuplotFigure(
      name: name, title: title, settings: axis.settings + ["set ylabel 'test accuracy (%)'"],
      elements: results.methods.enumerated().map { index, method in
        // Thins the points of long runs: the picture's width cannot show more.
        let every = method.rounds.count / 4000 + 1
        let thinned = every > 1 ? " every \(every)" : ""
        return
          "'accuracy.dat' index \(index)\(thinned) using ($\(column) / \(axis.divisor)):(100 * $5) with linespoints \(method.style.gnuplot) title \(GnuplotText.quoted(method.name))"
      } + (target ?? []), height: height(withKeyOf: results.methods.count + 1))
  }

  /// The height for a key with this many names, which may need a line each.
  func height(withKeyOf names: Int) -> Int { names <= 4 ? 500 : 440 + 22 * names }

  // MARK: Costs

  private func costs(_ set: inout PlotSet) {
    let measures: [Measure] = [.bytesDown, .bytesUp, .peakMemory, .flops, .energy]
    set.data.append(
      GnuplotData(
        name: "costs.dat", columns: ["place"] + measures.map(\.rawValue),
        blocks: [
          .init(
            name: "methods, from the last: "
              + results.methods.map(\.name).joined(separator: ", "),
            rows: results.methods.reversed().enumerated().map { place, method in
              ["\(place)"] + measures.map { method.summary[$0]?.plain }
            })
        ]))
    let names = ticks(results.methods.reversed().map(\.name), "y")
    set.figures += [
      dots(
        "costs-traffic", "Traffic by method", "bytes", names,
        [(2, .bytesDown, "down", 11), (3, .bytesUp, "up", 9)]),
      dots(
        "costs-memory", "Peak memory by method", "memory", names,
        [(4, .peakMemory, "peak memory", 7)]),
      dots(
        "costs-computation", "Computation by method", "computation", names,
        [(5, .flops, "computation", 7)]),
      dots(
        "costs-energy", "Energy by method", "energy", names,
        [(6, .energy, "energy", 7)]),
    ].compactMap { $0 }
  }

  private func dots(
    _ name: String, _ title: String, _ label: String, _ settings: [String],
    _ series: [(column: Int, measure: Measure, name: String, point: Int)]
  ) -> GnuplotFigure? {
    let values = results.methods.flatMap { method in
      series.compactMap { method.summary[$0.measure] }
    }
    guard let most = values.max(), most > 0 else { return nil }
    let isLogarithmic = Axis.spansDecades(values)
    let axis = GnuplotAxis(
      label, series[0].measure.quantity, covering: values, isLogarithmic: isLogarithmic)
    return GnuplotFigure(
      name: name, title: title,
      settings: settings + axis.settings + (isLogarithmic ? [] : ["set xrange [0:*]"]),
      elements: series.enumerated().map { place, series in
        "'costs.dat' using ($\(series.column) / \(axis.divisor)):1 with points pt \(series.point) ps 1.2 \(SeriesStyle(index: place).gnuplotColour) title '\(series.name)'"
      }, height: 200 + 40 * results.methods.count)
  }

  /// Names instead of numbers along an axis, with a margin of half a step.
  func ticks(_ names: [String], _ axis: String) -> [String] {
    let labels = names.enumerated().map { "\(GnuplotText.quoted($1)) \($0)" }
    return [
      "set \(axis)tics (\(labels.joined(separator: ", ")))",
      "set \(axis)range [-0.5:\(names.count - 1).5]",
    ]
  }

  // MARK: Devices

  private func fleet(_ set: inout PlotSet) {
    guard let fleet = results.fleet else { return }
    let classes = results.deviceClasses.filter { fleet.deviceClasses.contains($0) }
    set.data.append(
      GnuplotData(
        name: "fleet.dat", columns: ["place", "least", "lower", "median", "upper", "most"],
        blocks: DeviceMeasure.allCases.map { measure in
          .init(
            name: "\(measure.rawValue) of \(classes.joined(separator: ", "))",
            rows: classes.enumerated().map { place, name in
              let quantiles = fleet.quantiles(measure, of: name)
              return ["\(place)"]
                + [
                  quantiles?.least, quantiles?.lower, quantiles?.median, quantiles?.upper,
                  quantiles?.most,
                ].map { $0?.plain }
            })
        }))
    for (block, measure) in DeviceMeasure.allCases.enumerated() {
      set.figures.append(
        GnuplotFigure(
          name: "fleet-\(measure.plotName)", title: "\(measure.title) of the devices",
          settings: ticks(classes, "x") + [
            "set logscale y", "set ylabel '\(measure.title.lowercased())'",
            "set format y '%.0s %c\(measure.unitName)'", "set boxwidth 0.4",
            "set style fill solid 0.3", "unset key",
          ],
          elements: [
            "'fleet.dat' index \(block) using 1:3:2:6:5 with candlesticks \(SeriesStyle(index: 0).gnuplotColour) notitle whiskerbars 0.5",
            "'fleet.dat' index \(block) using 1:4:4:4:4 with candlesticks lw 3 \(SeriesStyle(index: 0).gnuplotColour) notitle",
          ], height: 400))
    }
  }
}

extension DeviceMeasure {
  fileprivate var plotName: String {
    switch self {
    case .compute: "compute"
    case .memory: "memory"
    case .download: "download"
    case .upload: "upload"
    case .rtt: "rtt"
    }
  }

  fileprivate var unitName: String { quantity.unit(for: 1).name }
}
