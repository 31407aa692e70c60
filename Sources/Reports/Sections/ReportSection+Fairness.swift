extension ReportSection {
  /// How evenly tasks, updates and bytes are distributed over the clients.
  static func fairness(_ results: RunResults) -> ReportSection {
    var section = ReportSection(identifier: "fairness", title: "Fairness over clients")
    guard results.hasTasks else {
      section.omissions = [missingTasks(results, "shares of clients")]
      return section
    }
    let spreads = results.methods.compactMap { ClientSpread($0, results) }
    guard spreads.contains(where: { $0.completed != nil }) else {
      section.omissions = ["No task was completed."]
      return section
    }
    section.paragraphs = [
      "The Lorenz curve shows the share of completed updates that came from the least active share of clients; the dashed diagonal is equality.",
      "With the amounts x in ascending order, i = 1 … n: Gini index G = Σ (2i − n − 1) x / (n Σ x), 0 when all are equal; Jain index J = (Σ x)² / (n Σ x²), 1 when all are equal. \(population(results))",
    ]
    section.figures = [lorenz(spreads)]
    section.tables = [("Indices by method and amount.", table(spreads))]
    return section
  }

  private static func population(_ results: RunResults) -> String {
    if let devices = results.manifest?.devices {
      return
        "n = \(Double(devices).grouped), all devices of the fleet, including those that were never selected."
    }
    return
      "The size of the fleet is not known without the manifest: n counts the devices that fleet.csv or tasks.csv names."
  }

  private static func lorenz(_ spreads: [ClientSpread]) -> Figure {
    let curves = spreads.compactMap { spread in
      spread.completed.map { completed in
        (
          spread: spread,
          points: Thinning.thinned(completed.lorenz, to: 120, by: { $0.y })
        )
      }
    }
    var chart = LineChart(
      x: .init(title: "share of the clients", quantity: .share, fromZero: true),
      y: .init(title: "share of the completed updates", quantity: .share, fromZero: true),
      series: curves.map {
        .init(name: $0.spread.method, points: $0.points, style: $0.spread.style)
      })
    chart.hasDiagonal = true
    let isThinned = curves.contains { $0.points.count < $0.spread.completed!.lorenz.count }
    return Figure(
      identifier: "lorenz", title: "Completed updates over clients",
      caption: "Lorenz curves of the completed updates."
        + (isThinned ? " Of the curves' points, at most 120 are drawn." : ""),
      legend: curves.map { .init(name: $0.spread.method, look: .series($0.spread.style)) },
      table: DataTable(
        columns: [
          .init("method", isNumber: false), .init("share of the clients"),
          .init("share of the updates"),
        ],
        rows: curves.flatMap { curve in
          curve.points.map {
            [.init(curve.spread.method), .init($0.x, .share), .init($0.y, .share)]
          }
        }), draw: chart.draw)
  }

  private static func table(_ spreads: [ClientSpread]) -> DataTable {
    DataTable(
      columns: [
        .init("method", isNumber: false), .init("amount", isNumber: false), .init("clients"),
        .init("clients with any"), .init("Gini"), .init("Jain"),
      ],
      rows: spreads.flatMap { spread in
        [
          ("tasks", spread.tasks), ("completed updates", spread.completed),
          ("bytes", spread.bytes),
        ].map { name, inequality in
          [
            .init(spread.method), .init(name), .init(spread.clients),
            .init(inequality?.holders ?? 0),
            inequality.map { .init($0.gini.fixed(3), raw: $0.gini.plain) } ?? .init(nil, .number),
            inequality.map { .init($0.jain.fixed(3), raw: $0.jain.plain) } ?? .init(nil, .number),
          ]
        }
      })
  }
}

/// The distribution of a method's tasks, updates and bytes over the clients.
struct ClientSpread {
  let method: String
  let style: SeriesStyle
  let clients: Int
  /// Nil if all clients have zero, like the next two.
  let tasks: Inequality?
  let completed: Inequality?
  let bytes: Inequality?

  /// Nil without tasks.csv.
  init?(_ method: RunResults.Method, _ results: RunResults) {
    guard let tally = method.tally else { return nil }
    self.method = method.name
    style = method.style
    let seen = tally.clients.count
    clients = max(seen, results.manifest?.devices ?? results.fleet?.devices ?? seen)
    // In the order of the clients, since floating-point sums depend on it.
    let ordered = tally.clients.sorted { $0.key < $1.key }.map(\.value)
    tasks = Inequality(ordered.map { Double($0.tasks) }, clients: clients)
    completed = Inequality(ordered.map { Double($0.completed) }, clients: clients)
    bytes = Inequality(ordered.map(\.bytes), clients: clients)
  }
}
