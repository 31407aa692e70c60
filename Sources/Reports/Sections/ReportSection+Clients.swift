extension ReportSection {
  /// The clients' accuracy on their held-out samples, and the worst clients; nil if clients were
  /// not tested.
  static func clients(_ results: RunResults) -> ReportSection? {
    guard let clients = results.clients else { return nil }
    var section = ReportSection(identifier: "clients", title: "Each client's accuracy")
    let tested = results.methods.compactMap { method in
      clients[method.name].map { TestedClients(method, $0) }
    }.filter { !$0.accuracies.isEmpty }
    guard !tested.isEmpty else {
      section.omissions = ["No client has held-out samples, so there is nothing to test."]
      return section
    }
    section.paragraphs = [
      "Each client is tested on held-out samples of its own. Every client counts once, including those with insufficient memory and those that never took part; clients without a personal model use the server's. The worst decile is the mean over the tenth of the clients, rounded up, with the lowest accuracy."
    ]
    section.figures = [
      distribution(tested), byClass(tested, results), byName(tested), worstDecile(results),
    ].compactMap { $0 }
    section.tables = [
      (
        "Statistics over the clients, for the last version on which they were tested.",
        spread(tested)
      ),
      (
        "Clients of each device class, and how many of them are in the worst decile of all clients.",
        leftBehind(tested, results)
      ),
    ]
    return section
  }

  // MARK: Distributions

  private static func distribution(_ tested: [TestedClients]) -> Figure {
    let rows = tested.flatMap { tested in
      [(tested.method.name, tested.accuracies)]
        + (tested.fineTuned.map { [("\(tested.method.name), fine-tuned", $0)] } ?? [])
    }.map { (name: $0.0, quantiles: Quantiles($0.1)) }
    let chart = BoxChart(
      axis: .init(title: "accuracy of a client", quantity: .share, fromZero: true),
      rows: zip(0..., rows).map {
        .init(name: $1.name, quantiles: $1.quantiles, style: SeriesStyle(index: $0))
      })
    return Figure(
      identifier: "client-accuracy", title: "Accuracy over clients",
      caption:
        "From the least to the most accurate client; the box is the middle half, the line is the median.",
      table: DataTable(
        columns: [
          .init("method", isNumber: false), .init("clients"), .init("minimum"),
          .init("lower quartile"),
          .init("median"), .init("upper quartile"), .init("maximum"),
        ],
        rows: rows.map { row in
          let q = row.quantiles
          return [.init(row.name), .init(q.count)]
            + [q.least, q.lower, q.median, q.upper, q.most].map { .init($0, .share) }
        }), draw: chart.draw)
  }

  private static func byClass(_ tested: [TestedClients], _ results: RunResults) -> Figure? {
    let classes = results.deviceClasses
    guard !classes.isEmpty else { return nil }
    return means(
      tested, "client-classes", "Accuracy by device class",
      "The mean over the clients of each device class.", "device_class", groups: classes
    ) { $0.deviceClass }
  }

  /// By name, if clients have names, such as domains.
  private static func byName(_ tested: [TestedClients]) -> Figure? {
    let names = tested[0].rows.map(\.name)
    guard names.allSatisfy({ !$0.isEmpty }), names.count <= 40 else { return nil }
    return means(
      tested, "client-names", "Accuracy by client",
      "The accuracy of each client, by its name in the data set.", "client_name",
      groups: names
    ) { $0.name }
  }

  private static func means(
    _ tested: [TestedClients], _ identifier: String, _ title: String, _ caption: String,
    _ column: String, groups: [String], _ group: (ClientRow) -> String
  ) -> Figure? {
    let means = groups.map { name in
      tested.map { tested in
        let values = tested.rows.filter { group($0) == name }.compactMap(\.accuracy)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
    }
    guard means.joined().contains(where: { $0 != nil }) else { return nil }
    let chart = DotChart(
      axis: .init(title: "mean accuracy", quantity: .share, fromZero: true),
      rows: zip(groups, means).map { name, means in
        .init(
          name: name,
          dots: zip(tested, means).compactMap { tested, mean in
            mean.map { .init(value: $0, style: tested.method.style) }
          })
      })
    return Figure(
      identifier: identifier, title: title, caption: caption,
      legend: tested.map { .init(name: $0.method.name, look: .mark($0.method.style)) },
      table: DataTable(
        columns: [.init(column, isNumber: false)] + tested.map { .init($0.method.name) },
        rows: zip(groups, means).map { name, means in
          [.init(name)] + means.map { .init($0, .share) }
        }), draw: chart.draw)
  }

  /// The worst decile by version; nil if clients were tested with fewer than three versions.
  private static func worstDecile(_ results: RunResults) -> Figure? {
    let series = results.methods.map { method in
      (
        method: method,
        rows: method.rounds.filter { $0.clientWorstDecile != nil && $0.clientMean != nil }
      )
    }.filter { !$0.rows.isEmpty }
    guard series.contains(where: { $0.rows.count > 2 }) else { return nil }
    let chart = LineChart(byVersion: series, of: "accuracy of the worst decile") {
      $0.clientWorstDecile!
    }
    return Figure(
      identifier: "worst-decile", title: "The worst decile by version",
      caption: "The mean accuracy of the tenth of the clients with the lowest accuracy.",
      legend: series.map { .init(name: $0.method.name, look: .series($0.method.style)) },
      table: DataTable(
        columns: [
          .init("method", isNumber: false), .init("round"), .init("worst decile"), .init("mean"),
        ],
        rows: series.flatMap { series in
          series.rows.map {
            [
              .init(series.method.name), .init($0.round), .init($0.clientWorstDecile, .share),
              .init($0.clientMean, .share),
            ]
          }
        }), draw: chart.draw)
  }

  // MARK: Tables

  private static func spread(_ tested: [TestedClients]) -> DataTable {
    let hasTuned = tested.contains { $0.fineTuned != nil }
    return DataTable(
      columns: [
        .init("method", isNumber: false), .init("version"), .init("clients"), .init("mean"),
        .init("worst decile"), .init("standard deviation"),
      ] + (hasTuned ? [.init("fine-tuned mean"), .init("fine-tuned worst decile")] : []),
      rows: tested.map { tested in
        let own = Spread(tested.accuracies)
        let tuned = tested.fineTuned.map(Spread.init)
        return [
          .init(tested.method.name), .init(tested.rows[0].round), .init(tested.accuracies.count),
          .init(own.mean, .share), .init(own.worstDecile, .share), .init(own.deviation, .share),
        ]
          + (hasTuned
            ? [.init(tuned?.mean, .share), .init(tuned?.worstDecile, .share)] as [DataTable.Cell]
            : [])
      })
  }

  private static func leftBehind(_ tested: [TestedClients], _ results: RunResults) -> DataTable {
    DataTable(
      columns: [
        .init("method", isNumber: false), .init("device_class", isNumber: false),
        .init("clients"), .init("insufficient memory"), .init("never used"), .init("mean accuracy"),
        .init("in the worst decile"),
      ],
      rows: tested.flatMap { tested in
        results.deviceClasses.compactMap { name -> [DataTable.Cell]? in
          let rows = tested.rows.filter { $0.deviceClass == name }
          let values = rows.compactMap(\.accuracy)
          guard !values.isEmpty else { return nil }
          return [
            .init(tested.method.name), .init(name), .init(rows.count),
            .init(rows.count { $0.isExcluded }), .init(rows.count { $0.updates == 0 }),
            .init(values.reduce(0, +) / Double(values.count), .share),
            .init(rows.count { tested.worst.contains($0.client) }),
          ]
        }
      })
  }

  /// The spread over all clients, as in rounds.csv.
  private struct Spread {
    let mean: Double
    let worstDecile: Double
    let deviation: Double

    init(_ values: [Double]) {
      func mean(_ values: some Collection<Double>) -> Double {
        values.reduce(0, +) / Double(values.count)
      }
      let sorted = values.sorted()
      let center = mean(sorted)
      self.mean = center
      worstDecile = mean(sorted.prefix((sorted.count + 9) / 10))
      deviation = mean(sorted.map { ($0 - center) * ($0 - center) }).squareRoot()
    }
  }
}

/// The clients of the last version for which a method's clients were tested.
private struct TestedClients {
  let method: RunResults.Method
  /// The clients with held-out samples.
  let rows: [ClientRow]
  let accuracies: [Double]
  /// The accuracy after fine-tuning, or without for a client that cannot fine-tune; nil if no
  /// client was fine-tuned.
  let fineTuned: [Double]?
  /// The tenth of the clients with the lowest accuracy; ties are broken by number.
  let worst: Set<Int>

  init(_ method: RunResults.Method, _ all: [ClientRow]) {
    self.method = method
    rows = all.filter { $0.accuracy != nil }
    accuracies = rows.compactMap(\.accuracy)
    fineTuned =
      rows.contains { $0.fineTuned != nil } ? rows.compactMap { $0.fineTuned ?? $0.accuracy } : nil
    worst = Set(
      rows.sorted { ($0.accuracy!, $0.client) < ($1.accuracy!, $1.client) }
        .prefix((rows.count + 9) / 10).map(\.client))
  }
}
