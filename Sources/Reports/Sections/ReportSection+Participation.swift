extension ReportSection {
  /// Participation: the tasks of each device class by outcome, devices with insufficient memory,
  /// and missing data.
  static func participation(_ results: RunResults) -> ReportSection {
    var section = ReportSection(identifier: "participation", title: "Participation")
    section.figures = [outcomes(results), excluded(results), missingData(results)]
      .compactMap { $0 }
    if !results.hasTasks { section.omissions.append(missingTasks(results, "outcomes of tasks")) }
    if results.participants == nil {
      section.omissions.append(
        "Which devices have insufficient memory is unknown: \(results.isFinished ? "an older version of flora wrote no participants.csv" : "the run was stopped before it surveyed its fleet")."
      )
    } else if results.participants?.allSatisfy({ $0.excluded == 0 && $0.adapted == 0 }) == true {
      section.omissions.append("Every device has enough memory for every method.")
    }
    if results.missingData?.allSatisfy({ $0.missing == 0 }) == true {
      section.omissions.append(
        "No data is excluded by insufficient memory: every device can take part in every method.")
    }
    return section
  }

  /// Why sections based on tasks.csv are missing.
  static func missingTasks(_ results: RunResults, _ what: String) -> String {
    results.manifest?.keepsTasks == false
      ? "There are no \(what): the scenario disables tasks.csv (report.tasks: none)."
      : "There are no \(what): the folder has no tasks.csv."
  }

  private static func outcomes(_ results: RunResults) -> Figure? {
    guard results.hasTasks else { return nil }
    let bars = results.methods.flatMap { method in
      results.deviceClasses.compactMap { OutcomeBar(method, $0) }
    }
    guard !bars.isEmpty else { return nil }
    let present = Outcome.allCases.filter { outcome in
      bars.contains { $0.sum(outcome).tasks > 0 }
    }
    let total = bars.reduce(0) { $0 + $1.tasks }
    let chart = StackedBars(
      title: "share of the tasks",
      rows: bars.map { bar in
        .init(
          name: results.methods.count == 1 ? bar.deviceClass : "\(bar.method) · \(bar.deviceClass)",
          parts: present.map { outcome in
            let tasks = bar.sum(outcome).tasks
            return .init(
              value: Double(tasks), look: OutcomeStyle.look(outcome),
              hint: "\(outcome.title): \(tasks) of \(bar.tasks) tasks")
          }, total: Double(bar.tasks).grouped)
      })
    return Figure(
      identifier: "outcomes", title: "Outcomes of tasks by device class",
      caption:
        "How the \(Double(total).grouped) tasks ended; the number beside a bar is its number of tasks.",
      legend: present.map { .init(name: $0.title, look: .patch(OutcomeStyle.look($0))) },
      isWide: true,
      table: DataTable(
        columns: [
          .init("method", isNumber: false), .init("device_class", isNumber: false),
          .init("outcome", isNumber: false), .init("tasks"), .init("bytes"),
        ],
        rows: bars.flatMap { bar in
          present.map { outcome in
            let sum = bar.sum(outcome)
            return [
              .init(bar.method), .init(bar.deviceClass), .init(outcome.rawValue), .init(sum.tasks),
              .init(sum.bytes, .bytes),
            ]
          }
        }), draw: chart.draw)
  }

  private static func excluded(_ results: RunResults) -> Figure? {
    guard let rows = results.participants,
      rows.contains(where: { $0.excluded > 0 || $0.adapted > 0 })
    else { return nil }
    let chart = StackedBars(
      title: "share of the devices",
      rows: rows.filter { $0.devices > 0 }.map { row in
        let fit = row.devices - row.excluded - row.adapted
        return .init(
          name: "\(row.method) · \(row.deviceClass)",
          parts: [
            .init(
              value: Double(fit), look: "o-completed",
              hint: "\(fit) of \(row.devices) devices fit"),
            .init(
              value: Double(row.adapted), look: "o-stale",
              hint: "\(row.adapted) of \(row.devices) devices use a fallback to fit"),
            .init(
              value: Double(row.excluded), look: "o-excluded_memory",
              hint: "\(row.excluded) of \(row.devices) devices have insufficient memory"),
          ], total: Double(row.devices).grouped)
      })
    return Figure(
      identifier: "participants", title: "Which devices have enough memory",
      caption:
        "The devices of the fleet whose available memory suffices for a task of each method.",
      legend: [
        .init(name: "fits", look: .patch("o-completed")),
        rows.contains { $0.adapted > 0 }
          ? .init(name: "fits with a fallback", look: .patch("o-stale")) : nil,
        .init(name: "insufficient memory", look: .patch("o-excluded_memory")),
      ].compactMap { $0 },
      table: DataTable(
        columns: [
          .init("method", isNumber: false), .init("device_class", isNumber: false),
          .init("devices"), .init("excluded_devices"), .init("adapted_devices"),
        ],
        rows: rows.map {
          [
            .init($0.method), .init($0.deviceClass), .init($0.devices), .init($0.excluded),
            .init($0.adapted),
          ]
        }), draw: chart.draw)
  }

  private static func missingData(_ results: RunResults) -> Figure? {
    guard let rows = results.missingData, rows.contains(where: { $0.missing > 0 }) else {
      return nil
    }
    let worst = Dictionary(grouping: rows, by: \.dataClass).mapValues {
      $0.map(\.share).max() ?? 0
    }
    var classes: [String] = []
    for row in rows where !classes.contains(row.dataClass) { classes.append(row.dataClass) }
    let most = 30
    let shown =
      classes.count <= most
      ? classes : Array(classes.sorted { worst[$0]! > worst[$1]! }.prefix(most))
    let chart = DotChart(
      axis: .init(title: "samples missing", quantity: .share, fromZero: true),
      rows: shown.map { name in
        .init(
          name: name,
          dots: results.methods.compactMap { method in
            rows.first { $0.method == method.name && $0.dataClass == name }.map {
              .init(value: $0.share, style: method.style)
            }
          })
      })
    return Figure(
      identifier: "missing-data", title: "Excluded data",
      caption:
        "The share of each class's samples on devices with insufficient memory for a method."
        + (shown.count < classes.count
          ? " The \(most) of \(classes.count) classes with the largest excluded share." : ""),
      legend: results.methods.map { .init(name: $0.name, look: .mark($0.style)) },
      table: DataTable(
        columns: [
          .init("method", isNumber: false), .init("data_class", isNumber: false),
          .init("samples"), .init("missing_samples"), .init("missing_share"),
        ],
        rows: rows.map {
          [
            .init($0.method), .init($0.dataClass), .init($0.samples), .init($0.missing),
            .init($0.share, .share),
          ]
        }), draw: chart.draw)
  }
}
