import Foundation

/// The results in a run's folder.
struct RunResults {
  /// A method's tables, in the run's order.
  struct Method {
    let name: String
    let rounds: [RoundRow]
    let summary: SummaryRow
    /// Nil if the folder has no tasks.csv.
    let tally: TaskTally?
    let slowest: SlowestRound?
    let style: SeriesStyle
  }

  let folder: URL
  /// Nil for an interrupted run.
  let manifest: RunManifest?
  let methods: [Method]
  /// Whether the run completed and wrote its summary.
  let isFinished: Bool
  /// Nil if the folder has no such table.
  let participants: [ParticipantRow]?
  let missingData: [MissingDataRow]?
  /// The clients of the last version for which each method's clients were tested; nil if none were.
  let clients: [String: [ClientRow]]?
  let fleet: FleetSample?
  /// Nil if devices connect to the server directly.
  let edges: [EdgeRow]?

  /// A phrase that names the runtime of the memory peaks, to append to a sentence; empty if
  /// unknown.
  var runtimeRemark: String { manifest?.runtime.map { ", with the runtime \($0)" } ?? "" }

  var name: String { manifest?.name ?? folder.lastPathComponent }
  var hasTasks: Bool { methods.contains { $0.tally != nil } }
  var hasAccuracy: Bool { methods.contains { $0.rounds.contains { $0.accuracy != nil } } }
  var hasEnergy: Bool { methods.contains { $0.rounds.contains { $0.energy != nil } } }

  var targetAccuracy: Double? {
    methods.lazy.compactMap(\.summary.targetAccuracy).first ?? manifest?.targetAccuracy
  }

  /// Full fine-tuning, the baseline for the others.
  var full: Method? {
    methods.first { manifest?.kind(of: $0.name) == "full" } ?? methods.first { $0.summary.isFull }
  }

  /// The device classes in the fleet's order.
  var deviceClasses: [String] {
    var classes: [String] = []
    for name in (participants ?? []).map(\.deviceClass) + (fleet?.deviceClasses ?? [])
      + methods.flatMap({ $0.tally?.deviceClasses ?? [] })
    where !classes.contains(name) {
      classes.append(name)
    }
    return classes
  }

  /// The methods of several runs as if of one, without the properties of a run as a whole.
  ///
  /// - Parameter runs: each with its name, which prefixes the names of its methods.
  init(combining runs: [(name: String, results: RunResults)]) {
    folder = runs[0].results.folder
    manifest = nil
    isFinished = runs.allSatisfy(\.results.isFinished)
    participants = nil
    missingData = nil
    clients = nil
    edges = nil
    fleet = nil
    methods = runs.flatMap { run in run.results.methods.map { (run.name, $0) } }.enumerated()
      .map { index, pair in
        let (name, method) = pair
        return Method(
          name: "\(name): \(method.name)", rounds: method.rounds, summary: method.summary,
          tally: nil, slowest: nil, style: SeriesStyle(index: index))
      }
  }

  /// Reads a folder's tables.
  ///
  /// - Parameter readsTasks: whether to read tasks.csv, the largest table.
  /// - Throws: `ReportError` if a table that every run has is missing, or a table is damaged.
  init(_ folder: URL, readsTasks: Bool = true) throws {
    self.folder = folder
    let rounds = try RoundRow.readAll(from: folder.appending(path: "rounds.csv")) ?? []
    guard !rounds.isEmpty else {
      throw ReportError(
        "\(folder.appending(path: "rounds.csv").path) has no rows yet; the run must finish a round first"
      )
    }
    manifest = try RunManifest(in: folder)
    let summaries = try SummaryRow.readAll(from: folder.appending(path: "summary.csv"))
    participants = try ParticipantRow.readAll(from: folder.appending(path: "participants.csv"))
    missingData = try MissingDataRow.readAll(from: folder.appending(path: "missing_data.csv"))
    clients = try ClientRow.last(in: folder.appending(path: "clients.csv"))
    fleet = try FleetSample(folder.appending(path: "fleet.csv"))
    edges = try EdgeRow.readAll(from: folder.appending(path: "edges.csv"))
    isFinished = summaries != nil
    var order: [String] = []
    var byMethod: [String: [RoundRow]] = [:]
    for row in rounds {
      if byMethod[row.method] == nil { order.append(row.method) }
      byMethod[row.method, default: []].append(row)
    }
    let clocks = order.map { (method: $0, clock: VersionClock(byMethod[$0]!)) }
    let tasks = folder.appending(path: "tasks.csv")
    let hasTasks = readsTasks && FileManager.default.fileExists(atPath: tasks.path)
    let tallies = hasTasks ? try TaskTally.reading(tasks, clocks: clocks) : [:]
    let slowest =
      hasTasks
      ? try SlowestRound.reading(
        tasks, order.compactMap { SlowestRound(method: $0, tallies[$0]?.windows ?? []) }) : []
    methods = order.enumerated().map { index, name in
      Method(
        name: name, rounds: byMethod[name]!,
        summary: summaries?.first { $0.method == name }
          ?? SummaryRow(of: byMethod[name]!, method: name),
        tally: tallies[name], slowest: slowest.first { $0.method == name },
        style: SeriesStyle(index: index))
    }
  }
}
