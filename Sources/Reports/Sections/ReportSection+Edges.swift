extension ReportSection {
  /// The costs of the edges between cloud and devices, tier by tier; nil for a run without edges.
  static func edges(_ results: RunResults) -> ReportSection? {
    guard let rows = results.edges, !rows.isEmpty else { return nil }
    var section = ReportSection(identifier: "edges", title: "Edges and devices")
    let tiers = results.methods.flatMap { [Tier(devicesOf: $0), Tier(edgesOf: $0)] }
    section.tables = [
      (
        "Each tier by method: devices and their edges, edges and the cloud. The time is the sum over all transfers, including the wait for the first byte.",
        tiersTable(tiers)
      )
    ]
    section.figures = [traffic(results, tiers), times(results, rows)].compactMap { $0 }
    let failed = rows.count { $0.outcome == "failed" }
    section.paragraphs = [
      "\(Double(Set(rows.map(\.edge)).count).grouped) edges make their own versions with their devices and send them to the cloud over their backhauls. "
        + (failed > 0
          ? "Edges failed \(Double(failed).grouped) times in \(Double(rows.count).grouped) attempts."
          : "None failed.")
    ]
    if tiers.allSatisfy({ $0.energy == nil }) {
      section.omissions.append(
        "There is no energy: neither a device class nor the edges of the scenario set power.")
    }
    return section
  }

  /// The traffic between two tiers, and the energy of the lower one.
  private struct Tier {
    let method: String
    let name: String
    let bytesDown: Int
    let bytesUp: Int
    /// The seconds of transfers; nil if the run does not record tasks.
    let time: Double?
    let energy: Double?

    init(devicesOf method: RunResults.Method) {
      self.method = method.name
      name = "devices"
      bytesDown = method.rounds.reduce(0) { $0 + $1.bytesDown }
      bytesUp = method.rounds.reduce(0) { $0 + $1.bytesUp }
      time = method.tally?.transferSeconds
      energy = Self.sum(method.rounds.map(\.energy))
    }

    init(edgesOf method: RunResults.Method) {
      let rows = method.rounds.compactMap(\.backhaul)
      self.method = method.name
      name = "edges"
      bytesDown = rows.reduce(0) { $0 + $1.bytesDown }
      bytesUp = rows.reduce(0) { $0 + $1.bytesUp }
      time = rows.reduce(0) { $0 + Double($1.time) / 1e9 }
      energy = Self.sum(rows.map(\.energy))
    }

    private static func sum(_ values: [Double?]) -> Double? {
      let known = values.compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0, +)
    }
  }

  private static func tiersTable(_ tiers: [Tier]) -> DataTable {
    DataTable(
      columns: [
        .init("method", isNumber: false), .init("tier", isNumber: false), .init("bytes_down"),
        .init("bytes_up"), .init("transfer_s"), .init("energy_j"),
      ],
      rows: tiers.map {
        [
          .init($0.method), .init($0.name), .init(Double($0.bytesDown), .bytes),
          .init(Double($0.bytesUp), .bytes), .init($0.time, .seconds), .init($0.energy, .joules),
        ]
      })
  }

  private static func traffic(_ results: RunResults, _ tiers: [Tier]) -> Figure {
    let looks = [
      ("devices", "down", SeriesStyle(index: 4)), ("devices", "up", SeriesStyle(index: 2)),
      ("edges", "down", SeriesStyle(index: 0)), ("edges", "up", SeriesStyle(index: 1)),
    ]
    func value(_ method: String, _ tier: String, _ direction: String) -> Double {
      let tier = tiers.first { $0.method == method && $0.name == tier }!
      return Double(direction == "down" ? tier.bytesDown : tier.bytesUp)
    }
    let values = results.methods.flatMap { method in looks.map { value(method.name, $0.0, $0.1) } }
    var chart = DotChart(
      axis: .init(
        title: "bytes", quantity: .bytes, isLogarithmic: Axis.spansDecades(values), fromZero: true),
      rows: results.methods.map { method in
        DotChart.Row(
          name: method.name,
          dots: looks.map { tier, direction, style in
            let bytes = value(method.name, tier, direction)
            return .init(value: bytes, style: style, label: Quantity.bytes.spelled(bytes))
          })
      })
    chart.isSpread = true
    return Figure(
      identifier: "tier-bytes", title: "Traffic by tier",
      caption:
        "All bytes of the run between edges and their devices, and between the cloud and its edges.",
      legend: looks.map { .init(name: "\($0.0), \($0.1)", look: .mark($0.2)) },
      table: tiersTable(tiers), draw: chart.draw)
  }

  private static func times(_ results: RunResults, _ rows: [EdgeRow]) -> Figure? {
    let most = 30
    let numbers = Set(rows.map(\.edge)).sorted()
    let shown = numbers.prefix(most)
    struct Bar {
      let method: String
      let edge: Int
      let parts: [(title: String, look: String, seconds: Double)]
      let end: Double
    }
    let bars = results.methods.flatMap { method -> [Bar] in
      let end = method.rounds.last?.seconds ?? 0
      return shown.compactMap { edge -> Bar? in
        let own = rows.filter { $0.method == method.name && $0.edge == edge }
        guard !own.isEmpty else { return nil }
        func seconds(_ span: KeyPath<EdgeRow, Int64?>) -> Double {
          own.reduce(0) { $0 + Double($1[keyPath: span] ?? 0) / 1e9 }
        }
        let (down, work, up) = (seconds(\.download), seconds(\.work), seconds(\.upload))
        return Bar(
          method: method.name, edge: edge,
          parts: [
            ("download", "p-download", down), ("its own rounds", "p-train", work),
            ("upload", "p-upload", up),
            ("waiting for the cloud, or failed", "o-unavailable", max(0, end - down - work - up)),
          ], end: end)
      }
    }
    guard bars.contains(where: { $0.end > 0 }) else { return nil }
    let chart = StackedBars(
      title: "share of the virtual time",
      rows: bars.map { bar in
        .init(
          name: (results.methods.count == 1 ? "" : "\(bar.method) · ") + "edge \(bar.edge)",
          parts: bar.parts.map {
            .init(
              value: $0.seconds, look: $0.look,
              hint: "\($0.title): \(Quantity.seconds.spelled($0.seconds))")
          }, total: Quantity.seconds.spelled(bar.end))
      })
    return Figure(
      identifier: "edge-times", title: "Time of the edges by activity",
      caption:
        "From the start to the end of the method; the number beside a bar is the total."
        + (shown.count < numbers.count ? " The first \(most) of \(numbers.count) edges." : ""),
      legend: bars[0].parts.map { .init(name: $0.title, look: .patch($0.look)) }, isWide: true,
      table: DataTable(
        columns: [
          .init("method", isNumber: false), .init("edge"), .init("download_s"), .init("work_s"),
          .init("upload_s"), .init("other_s"),
        ],
        rows: bars.map { bar in
          [.init(bar.method), .init(bar.edge)] + bar.parts.map { .init($0.seconds, .seconds) }
        }), draw: chart.draw)
  }
}
