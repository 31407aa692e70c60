extension ReportSection {
  /// The distributions of the drawn devices.
  static func fleet(_ results: RunResults) -> ReportSection {
    var section = ReportSection(identifier: "fleet", title: "The fleet")
    guard let fleet = results.fleet else {
      section.omissions = ["The devices are unknown: the folder has no fleet.csv."]
      return section
    }
    let all = results.manifest?.devices
    section.paragraphs = [
      "\(Double(all ?? fleet.devices).grouped) devices in \(fleet.deviceClasses.count) \(fleet.deviceClasses.count == 1 ? "class" : "classes"): whiskers from minimum to maximum, a box around the middle half, a line at the median."
        + (all.map { $0 > fleet.devices } == true
          ? " The first \(Double(fleet.devices).grouped), listed in fleet.csv, represent all."
          : "")
    ]
    section.figures = DeviceMeasure.allCases.map { figure(results, fleet, $0) }
    return section
  }

  private static func figure(
    _ results: RunResults, _ fleet: FleetSample, _ measure: DeviceMeasure
  ) -> Figure {
    let rows = results.deviceClasses.compactMap { name in
      fleet.quantiles(measure, of: name).map {
        BoxChart.Row(name: name, quantiles: $0, style: SeriesStyle(index: 0))
      }
    }
    let needs =
      measure == .memory
      ? results.methods.compactMap { method in
        method.summary[.peakMemory].map { (level: $0, style: method.style) }
      } : []
    let values = rows.flatMap { [$0.quantiles.least, $0.quantiles.most] } + needs.map(\.level)
    let chart = BoxChart(
      axis: .init(
        title: measure.axisTitle, quantity: measure.quantity,
        isLogarithmic: Axis.spansTen(values), fromZero: true), rows: rows, levels: needs)
    return Figure(
      identifier: "fleet-\(measure.rawValue)", title: measure.title,
      caption: needs.isEmpty
        ? "\(measure.sentence), by device class."
        : "\(measure.sentence), by device class; dashed, the peak memory of each method\(results.runtimeRemark).",
      legend: needs.isEmpty
        ? [] : results.methods.map { .init(name: $0.name, look: .mark($0.style)) },
      table: DataTable(
        columns: [
          .init("device_class", isNumber: false), .init("devices"), .init("minimum"),
          .init("lower quartile"), .init("median"), .init("upper quartile"), .init("maximum"),
        ],
        rows: rows.map { row in
          let quantiles = row.quantiles
          return [.init(row.name), .init(quantiles.count)]
            + [
              quantiles.least, quantiles.lower, quantiles.median, quantiles.upper, quantiles.most,
            ].map { .init($0, measure.quantity) }
        }), draw: chart.draw)
  }
}

extension DeviceMeasure {
  fileprivate var axisTitle: String {
    switch self {
    case .compute: "compute"
    case .memory: "available memory"
    case .download: "download rate"
    case .upload: "upload rate"
    case .rtt: "round-trip time"
    }
  }

  fileprivate var sentence: String {
    switch self {
    case .compute: "Floating-point operations per second while training"
    case .memory: "Memory available for training"
    case .download: "Download bits per second of the device"
    case .upload: "Upload bits per second of the device"
    case .rtt: "Round-trip time to the server"
    }
  }
}

extension Axis {
  /// Whether the values span a decade.
  fileprivate static func spansTen(_ values: [Double]) -> Bool {
    guard let low = values.min(), let high = values.max() else { return false }
    return low > 0 && high / low >= 10
  }
}
