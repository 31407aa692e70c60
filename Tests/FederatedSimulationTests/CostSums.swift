import Testing

/// Compares sums over a method's rows in rounds.csv with those in tasks.csv.
///
/// Devices are counted when selected and costs when incurred, so a task may be split over
/// the rows of several versions: individual rows differ, but the totals must not.
struct CostSums {
  private let rounds: [[String: String]]
  private let tasks: [[String: String]]
  /// What the method's edges did, in order.
  private let edges: [[String: String]]
  /// The method's row in summary.csv, if any.
  private let summary: [String: String]?

  init(
    rounds: [[String: String]], tasks: [[String: String]], edges: [[String: String]] = [],
    summary: [String: String]? = nil
  ) {
    self.rounds = rounds
    self.tasks = tasks
    self.edges = edges
    self.summary = summary
  }

  init(_ run: TemporaryRun, method: String) {
    self.init(
      rounds: run.rows("rounds.csv").filter { $0["method"] == method },
      tasks: run.rows("tasks.csv").filter { $0["method"] == method },
      edges: (run.results["edges.csv"] == nil ? [] : run.rows("edges.csv")).filter {
        $0["method"] == method
      },
      summary: run.rows("summary.csv").first { $0["method"] == method }!)
  }

  func check(_ location: SourceLocation = #_sourceLocation) {
    checkCounts(location)
    checkCosts(location)
    checkCourse(location)
  }

  private static let outcomes: [(column: String, outcomes: Set<String>)] = [
    ("completed", ["completed"]),
    (
      "dropped",
      ["dropped_download", "dropped_training", "dropped_upload", "outage", "edge_failed"]
    ),
    ("late", ["late", "stale"]), ("excluded_memory", ["excluded_memory"]),
    ("unavailable", ["unavailable"]), ("rejected", ["rejected"]),
  ]

  private func checkCounts(_ location: SourceLocation) {
    #expect(rounds.sum("selected") == tasks.count, sourceLocation: location)
    for (column, outcomes) in Self.outcomes {
      let count = tasks.count { outcomes.contains($0["outcome"]!) }
      #expect(rounds.sum(column) == count, "\(column)", sourceLocation: location)
    }
  }

  private func checkCosts(_ location: SourceLocation) {
    let wasted = tasks.filter { $0["outcome"] != "completed" || isLost($0) }
    let (down, up) = (tasks.sum("bytes_down"), tasks.sum("bytes_up"))
    let wastedBytes = wasted.sum("bytes_down") + wasted.sum("bytes_up")
    let pairs = [
      ("bytes_down", down), ("bytes_up", up), ("device_flops", tasks.sum("flops")),
      ("wasted_bytes", wastedBytes), ("wasted_flops", wasted.sum("flops")),
      ("wire_bytes_down", tasks.sum("wire_bytes_down")),
      ("wire_bytes_up", tasks.sum("wire_bytes_up")),
    ]
    for (column, sum) in pairs {
      #expect(rounds.sum(column) == sum, "\(column)", sourceLocation: location)
    }
    #expect(
      rounds.microjoules("device_energy_j") == tasks.microjoules("energy_j"),
      sourceLocation: location)
    if tasks.microjoules("energy_j") != nil {
      #expect(
        rounds.microjoules("wasted_energy_j") == wasted.microjoules("energy_j") ?? 0,
        sourceLocation: location)
    }
    let started = tasks.filter { !["excluded_memory", "unavailable"].contains($0["outcome"]) }
    #expect(
      rounds.map { Int($0["peak_memory_bytes"]!)! }.max()
        == started.map { Int($0["peak_memory_bytes"]!)! }.max() ?? 0, sourceLocation: location)
    guard let summary else { return }
    #expect(summary["bytes_down"] == "\(down)", sourceLocation: location)
    #expect(summary["bytes_up"] == "\(up)", sourceLocation: location)
    #expect(
      summary["wire_bytes_down"] == "\(tasks.sum("wire_bytes_down"))", sourceLocation: location)
    #expect(
      summary["wire_bytes_up"] == "\(tasks.sum("wire_bytes_up"))", sourceLocation: location)
    #expect(summary["device_flops"] == "\(tasks.sum("flops"))", sourceLocation: location)
    let share = down + up > 0 ? Double(wastedBytes) / Double(down + up) : 0
    #expect(summary["wasted_share"] == "\(share)", sourceLocation: location)
  }

  /// Whether the update of a completed task was in a version that its edge lost.
  private func isLost(_ task: [String: String]) -> Bool {
    func time(_ text: String) -> Int { Int(text.replacing(".", with: "")) ?? 0 }
    let end = time(task["end_s"]!)
    // The first work of its edge that went on after the task.
    let work = edges.first { row in
      let sent = ["start_s", "download_s", "work_s"].reduce(0) { $0 + time(row[$1]!) }
      let isSent = row["outcome"] == "completed" || row["outcome"] == "stale"
      return row["edge"] == task["edge"] && end <= (isSent ? sent : time(row["end_s"]!))
    }
    return work.map { ["failed", "stale"].contains($0["outcome"]) } ?? false
  }

  /// Versions and times ascend, and bytes accumulate from row to row.
  private func checkCourse(_ location: SourceLocation) {
    var bytes = 0
    for (index, row) in rounds.enumerated() {
      bytes += Int(row["bytes_down"]!)! + Int(row["bytes_up"]!)!
      #expect(row["cumulative_bytes"] == "\(bytes)", sourceLocation: location)
      guard index > 0 else { continue }
      let before = rounds[index - 1]
      let isClosing = index == rounds.count - 1 && row["round"] == before["round"]
      #expect(
        Int(row["round"]!)! > Int(before["round"]!)! || isClosing, sourceLocation: location)
      #expect(
        Double(row["virtual_time_s"]!)! >= Double(before["virtual_time_s"]!)!,
        sourceLocation: location)
      if isClosing {
        #expect(row["test_accuracy"] == before["test_accuracy"], sourceLocation: location)
      }
    }
    if let summary {
      #expect(rounds.last!["virtual_time_s"] == summary["virtual_time_s"], sourceLocation: location)
    }
  }
}

extension [[String: String]] {
  /// Nil if no row has an energy.
  func microjoules(_ column: String) -> Int? {
    let known = compactMap { $0[column]!.isEmpty ? nil : Int($0[column]!.replacing(".", with: "")) }
    return known.isEmpty ? nil : known.reduce(0, +)
  }
}
