extension ReportSection {
  /// A timeline of each method's slowest round, and what all rounds waited for.
  static func rounds(_ results: RunResults) -> ReportSection {
    var section = ReportSection(identifier: "rounds", title: "Round times and stragglers")
    guard results.hasTasks else {
      section.omissions = [missingTasks(results, "timelines of rounds")]
      return section
    }
    section.tables = [waiting(results)].compactMap { $0 }
    if section.tables.isEmpty {
      section.omissions.append(
        "Which \(results.edges == nil ? "task" : "edge") ended each round is unknown: not every server version was evaluated, and rounds.csv has no times for the others."
      )
    }
    section.figures = results.methods.compactMap { method in
      method.slowest.map { slowest in
        timeline(slowest, results.edges, methods: results.methods.count)
      }
    }
    if section.figures.isEmpty {
      section.omissions.append("There is no timeline: no round took any time.")
    }
    return section
  }

  // MARK: Waiting times

  private static func waiting(_ results: RunResults) -> (caption: String, table: DataTable)? {
    let hasEdges = results.edges != nil
    let rows = results.methods.flatMap { RoundWait.all(of: $0, in: results) }
    guard !rows.isEmpty else { return nil }
    let none = "no \(hasEdges ? "edge" : "task") (a deadline, or no device online)"
    let table = DataTable(
      columns: [
        .init("method", isNumber: false), .init("ended by", isNumber: false), .init("rounds"),
        .init("virtual time"), .init("share of the time"), .init("before its start"),
        .init("download"), .init(hasEdges ? "its own rounds" : "training"), .init("upload"),
      ],
      rows: rows.map { row in
        [
          .init(row.method), .init(row.endedBy ?? none), .init(row.rounds),
          .init(row.seconds, .seconds), .init(row.share, .share),
        ]
          + [row.before, row.download, row.training, row.upload].map {
            .init(row.endedBy == nil ? nil : $0, .share)
          }
      })
    let caption =
      hasEdges
      ? "The edge whose version ended each of the cloud's rounds: how many rounds, how much of the virtual time, and how the edge spent it."
      : "The task that ended each round, by device class: how many rounds, how much of the virtual time, and how those tasks spent it."
    return (caption, table)
  }

  // MARK: Slowest round

  private static func timeline(
    _ slowest: SlowestRound, _ edges: [EdgeRow]?, methods: Int
  ) -> Figure {
    let start = slowest.window.start
    func seconds(_ time: Int64) -> Double { Double(time - start) / 1e9 }
    let rows = slowest.tasks.map { task in
      GanttChart.Row(
        name: "\(task.client) \(task.deviceClass)",
        bars: task.phases.map { phase in
          .init(
            start: seconds(phase.start), end: seconds(phase.start + phase.length),
            look: OutcomeStyle.look(phase.phase))
        }, outcome: task.outcome, isLast: task.isSame(as: slowest.last),
        hint:
          "client \(task.client), \(task.deviceClass), \(task.outcome.title): "
          + task.phases.map {
            "\($0.phase.title) \(Quantity.seconds.spelled(Double($0.length) / 1e9))"
          }.joined(separator: ", "))
    }
    let chart = GanttChart(
      axis: .init(title: "virtual time since the round began", quantity: .seconds), rows: rows,
      end: seconds(slowest.window.end))
    let outcomes = Outcome.allCases.filter { outcome in
      slowest.tasks.contains { $0.outcome == outcome }
    }
    return Figure(
      identifier: "timeline-\(slowest.method.hashlessIdentifier)",
      title: "\(slowest.method): round \(slowest.window.round), the slowest",
      caption: sentences(slowest, edges),
      legend: TaskPhase.allCases.map {
        .init(name: $0.title, look: .patch(OutcomeStyle.look($0)))
      } + outcomes.map { .init(name: $0.title, look: .outcome($0)) },
      isWide: methods == 1, table: table(slowest), draw: chart.draw)
  }

  private static func sentences(_ slowest: SlowestRound, _ edges: [EdgeRow]?) -> String {
    let length = Quantity.seconds.spelled(Double(slowest.window.length) / 1e9)
    let median = Quantity.seconds.spelled(Double(slowest.medianLength) / 1e9)
    var text = "The round took \(length); half of the rounds took no more than \(median). "
    if let edges,
      let last = EdgeRow.last(in: slowest.window, of: slowest.method, edges)
    {
      let parts = [
        (last.download, "download"), (last.work, "its own rounds"), (last.upload, "upload"),
      ].compactMap { span, title in
        span.map { "\(Quantity.seconds.spelled(Double($0) / 1e9)) of \(title)" }
      }
      text +=
        "The round ended when the version of edge \(last.edge) arrived, after \(parts.joined(separator: ", "))."
    } else if let last = slowest.last, edges == nil {
      let wait = last.start - slowest.window.start
      let parts =
        (wait > 0
          ? ["\(Quantity.seconds.spelled(Double(wait) / 1e9)) until it started"] : [])
        + last.phases.map {
          "\(Quantity.seconds.spelled(Double($0.length) / 1e9)) of \($0.phase.title)"
        }
      let verb = last.outcome == .completed ? "completed" : "failed"
      text +=
        "Its critical path: the round ended when the task of client \(last.client) (\(last.deviceClass)) \(verb), after \(parts.joined(separator: ", "))"
        + (wait < 0 ? "; it had started before the round." : ".")
    } else {
      text +=
        "No \(edges == nil ? "task" : "edge") ended it: it ended at its deadline, or waited for devices."
    }
    if slowest.tasks.count < slowest.started {
      text +=
        " Of \(Double(slowest.started).grouped) tasks in flight, the \(slowest.tasks.count) that ended last are drawn."
    }
    for (outcome, count) in slowest.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      text +=
        " \(count) selected \(count == 1 ? "device" : "devices") did not start: \(outcome.title)."
    }
    return text
  }

  private static func table(_ slowest: SlowestRound) -> DataTable {
    DataTable(
      columns: [
        .init("client"), .init("device_class", isNumber: false), .init("round"),
        .init("outcome", isNumber: false), .init("start_s"), .init("download_s"), .init("train_s"),
        .init("upload_s"), .init("end_s"),
      ],
      rows: slowest.tasks.map { task in
        [
          .init("\(task.client)"), .init(task.deviceClass), .init("\(task.round)"),
          .init(task.outcome.rawValue),
        ]
          + [task.start, task.download, task.training, task.upload, task.end].map { time in
            time.map {
              .init(
                Quantity.seconds.spelled(Double($0) / 1e9), raw: DecimalTime.seconds($0))
            } ?? .init(nil, .seconds)
          }
      })
  }
}

extension TaskRow {
  fileprivate func isSame(as other: TaskRow?) -> Bool {
    guard let other else { return false }
    return client == other.client && start == other.start && end == other.end
  }
}

extension String {
  /// An element identifier: letters, digits and dashes, with codes for other characters.
  fileprivate var hashlessIdentifier: String {
    unicodeScalars.map { scalar in
      let isPlain = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      return isPlain ? String(scalar) : "-\(scalar.value)-"
    }.joined()
  }
}
