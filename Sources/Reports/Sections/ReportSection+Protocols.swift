extension ReportSection {
  /// The three protocols of EdgeFlowerTune (arXiv 2605.08636): Quality-under-Budget,
  /// Cost-to-Target, Robustness.
  ///
  /// - Parameters:
  ///   - keys: the swept keys except the seed, in the order of the entries' values.
  ///   - target: the scenario's target accuracy; nil if there is none.
  static func protocols(
    _ entries: [ProtocolEntry], keys: [String] = [], target: Double?
  ) -> ReportSection {
    var section = ReportSection(identifier: "protocols", title: "Protocols")
    guard entries.contains(where: { $0.finalAccuracy != nil }) else {
      section.omissions = [
        "Quality-under-Budget and Cost-to-Target need accuracy, but the run is timing-only."
      ]
      section.tables = [robustness(entries, keys)]
      return section
    }
    section.paragraphs = [
      "The protocols of EdgeFlowerTune (arXiv 2605.08636)\(entries.contains { $0.runs.count > 1 } ? ", means over the seeds" : ""). Costs are the totals of all devices since the start."
    ]
    section.tables = [
      qualityUnderBudget(entries), costToTarget(entries, target), robustness(entries, keys),
    ]
    return section
  }

  // MARK: Quality-under-Budget

  private static func qualityUnderBudget(
    _ entries: [ProtocolEntry]
  ) -> (caption: String, table: DataTable) {
    let budgets = ProtocolEntry.Resource.allCases.flatMap { resource in
      Self.budgets(of: resource, entries).map { (resource: resource, budget: $0) }
    }
    let table = DataTable(
      columns: [.init("method", isNumber: false)]
        + budgets.map { .init($0.resource.quantity.spelled($0.budget)) },
      rows: entries.map { entry in
        [.init(entry.name)]
          + budgets.map { .init(entry.accuracy(within: $0.budget, of: $0.resource), .share) }
      })
    return (
      "Quality-under-Budget: accuracy of the last tested version within a budget. Budgets are a tenth and all of what the cheapest method spends in its run, and all of what the most expensive one spends.",
      table
    )
  }

  /// A tenth of the smallest total, the smallest total and the largest, without duplicates.
  private static func budgets(
    of resource: ProtocolEntry.Resource, _ entries: [ProtocolEntry]
  ) -> [Double] {
    let totals = entries.compactMap { $0.total(resource) }.filter { $0 > 0 }
    guard let least = totals.min(), let most = totals.max() else { return [] }
    return [least / 10, least] + (most > least ? [most] : [])
  }

  // MARK: Cost-to-Target

  private static func costToTarget(
    _ entries: [ProtocolEntry], _ asked: Double?
  ) -> (caption: String, table: DataTable) {
    let common = entries.flatMap(\.runs).compactMap { $0.compactMap(\.accuracy).max() }.min() ?? 0
    let target = asked ?? common
    let resources = ProtocolEntry.Resource.allCases.filter { resource in
      entries.contains { $0.total(resource) != nil }
    }
    let table = DataTable(
      columns: [.init("method", isNumber: false)] + resources.map { .init($0.title) }
        + [.init("best accuracy")],
      rows: entries.map { entry in
        [.init(entry.name)]
          + resources.map { resource in
            entry.cost(of: resource, to: target).map { .init($0, resource.quantity) }
              ?? .init("not reached", raw: "")
          } + [.init(entry.bestAccuracy, .share)]
      })
    let which =
      asked == nil
      ? "which is the lowest best accuracy of any run, since the scenario names no target_accuracy"
      : "the scenario's target_accuracy"
    return (
      "Cost-to-Target: the cost up to the first tested version with an accuracy of \(Quantity.share.spelled(target)), \(which). With several seeds, all must reach it.",
      table
    )
  }

  // MARK: Robustness

  private static let disturbance = "fleet.disturbance"

  private static func robustness(
    _ entries: [ProtocolEntry], _ keys: [String]
  ) -> (caption: String, table: DataTable) {
    guard let key = keys.firstIndex(of: disturbance) else {
      return (
        "Robustness: losses to client dropout and stragglers. To compare with twice as many, sweep over fleet.disturbance: [1, 2].",
        DataTable(
          columns: [
            .init("method", isNumber: false), .init("tasks dropped out"), .init("tasks late"),
            .init("bytes wasted"), .init("final accuracy"),
          ],
          rows: entries.map { entry in
            [
              .init(entry.name), .init(entry.share(\.dropped), .share),
              .init(entry.share(\.late), .share), .init(entry.wastedShare, .share),
              .init(entry.finalAccuracy, .share),
            ]
          })
      )
    }
    func rest(_ entry: ProtocolEntry) -> [String] {
      entry.values.indices.filter { $0 != key }.map { entry.values[$0] } + [entry.method]
    }
    func factor(_ entry: ProtocolEntry) -> Double { Double(entry.values[key]) ?? .infinity }
    let table = DataTable(
      columns: [
        .init("method", isNumber: false), .init("disturbance"), .init("final accuracy"),
        .init("change"), .init("virtual time"), .init("slowdown"),
        .init("tasks dropped out"), .init("tasks late"), .init("bytes wasted"),
      ],
      rows: entries.map { entry in
        let calm = entries.filter { rest($0) == rest(entry) }.min { factor($0) < factor($1) }!
        let change = entry.finalAccuracy.flatMap { own in calm.finalAccuracy.map { own - $0 } }
        let (time, before) = (entry.total(.time), calm.total(.time))
        let slowdown = time.flatMap { time in before.flatMap { $0 > 0 ? time / $0 : nil } }
        return [
          .init(rest(entry).joined(separator: " · ")), .init(entry.values[key]),
          .init(entry.finalAccuracy, .share), .init(change, .share), .init(time, .seconds),
          slowdown.map { .init($0.fixed(2), raw: $0.plain) } ?? .init(nil, .number),
          .init(entry.share(\.dropped), .share), .init(entry.share(\.late), .share),
          .init(entry.wastedShare, .share),
        ]
      })
    return (
      "Robustness: the effect of multiplying client dropout and stragglers, compared with the least disturbance.",
      table
    )
  }
}
