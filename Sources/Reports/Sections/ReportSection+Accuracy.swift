extension ReportSection {
  /// The tested accuracy against its cost: bytes, virtual time, energy.
  static func accuracy(_ results: RunResults) -> ReportSection? {
    guard results.hasAccuracy else { return nil }
    var section = ReportSection(identifier: "accuracy", title: "Accuracy and cost")
    section.figures = [
      figure(results, .bytes), figure(results, .time),
      results.hasEnergy ? figure(results, .energy) : nil,
    ].compactMap { $0 }
    if !results.hasEnergy {
      section.omissions.append(
        "There is no figure of accuracy against energy: no device class of the scenario sets power."
      )
    }
    return section
  }

  private static func figure(_ results: RunResults, _ cost: AccuracyCost) -> Figure? {
    let curves = results.methods.map { AccuracyCurve($0, cost, of: results.methods.count) }
    let costs = curves.flatMap { $0.points.map(\.cost) }.filter { $0 > 0 }
    guard !costs.isEmpty else { return nil }
    let isLogarithmic = cost == .bytes && Axis.spansDecades(costs)
    var chart = LineChart(
      x: .init(title: cost.title, quantity: cost.quantity, isLogarithmic: isLogarithmic),
      y: .init(title: "test accuracy", quantity: .share),
      series: zip(results.methods, curves).map { method, curve in
        .init(
          name: method.name, points: curve.points.map { DataPoint(x: $0.cost, y: $0.accuracy) },
          style: method.style)
      })
    chart.target = results.targetAccuracy
    var caption =
      "Accuracy on the test images of each tested server version, against \(cost.sentence)."
    if isLogarithmic {
      caption += " The untrained start, at 0 bytes, is not on the logarithmic axis."
    }
    if let thinned = curves.first(where: \.isThinned) {
      caption +=
        " Of up to \(Double(curves.map(\.tested).max()!).grouped) points of a method, \(thinned.points.count) are drawn:"
        + " the lowest and the highest of each equal interval."
    }
    return Figure(
      identifier: "accuracy-\(cost.rawValue)", title: "Accuracy against \(cost.title)",
      caption: caption,
      legend: results.methods.map { .init(name: $0.name, look: .series($0.style)) }
        + (results.targetAccuracy.map {
          [.init(name: "target \(Quantity.share.spelled($0))", look: .target)]
        } ?? []),
      table: DataTable(
        columns: [.init("method", isNumber: false), .init("round"), .init(cost.column)]
          + [.init("test_accuracy")],
        rows: zip(results.methods, curves).flatMap { method, curve in
          curve.points.map { point in
            [
              .init(method.name), .init(point.round), .init(point.cost, cost.quantity),
              .init(Quantity.share.spelled(point.accuracy), raw: point.accuracy.plain),
            ]
          }
        }), draw: chart.draw)
  }
}

/// The cost on the horizontal axis.
enum AccuracyCost: String {
  case bytes, time, energy

  var title: String {
    switch self {
    case .bytes: "traffic"
    case .time: "virtual time"
    case .energy: "device energy"
    }
  }

  var sentence: String {
    switch self {
    case .bytes: "the bytes of all devices in both directions since the start"
    case .time: "the simulated time since the start"
    case .energy: "the energy of all devices since the start"
    }
  }

  /// The name in the tables.
  var column: String {
    switch self {
    case .bytes: "cumulative_bytes"
    case .time: "virtual_time_s"
    case .energy: "cumulative_energy_j"
    }
  }

  var quantity: Quantity {
    switch self {
    case .bytes: .bytes
    case .time: .seconds
    case .energy: .joules
    }
  }
}

/// The accuracy curve of one method.
struct AccuracyCurve {
  struct Point {
    let round: Int
    let cost: Double
    let accuracy: Double
  }

  /// The number of tested versions.
  let tested: Int
  /// The points to show.
  let points: [Point]

  var isThinned: Bool { points.count < tested }

  /// - Parameter methods: the number of methods that share the page.
  init(_ method: RunResults.Method, _ cost: AccuracyCost, of methods: Int) {
    var energy = 0.0
    let all = method.rounds.compactMap { row -> Point? in
      energy += row.energy ?? 0
      guard let accuracy = row.accuracy else { return nil }
      let spent =
        switch cost {
        case .bytes: Double(row.cumulativeBytes)
        case .time: row.seconds
        case .energy: energy
        }
      return Point(round: row.round, cost: spent, accuracy: accuracy)
    }
    tested = all.count
    points = Thinning.thinned(all, to: max(40, min(500, 3000 / methods)), by: \.accuracy)
  }
}
