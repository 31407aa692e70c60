import Foundation

/// The slowest round of a method, with the tasks in flight during it.
struct SlowestRound {
  let method: String
  let window: VersionClock.Window
  /// The median duration of a round in nanoseconds.
  let medianLength: Int64
  /// The tasks that ended last, in descending order of end.
  private(set) var tasks: [TaskRow] = []
  /// The number of tasks in flight.
  private(set) var started = 0
  /// Devices that were selected for the round and did not start.
  private(set) var refused: [Outcome: Int] = [:]
  /// The task whose end ended the round; nil if there is none, as at a deadline.
  private(set) var last: TaskRow?

  /// The maximum number of tasks to keep and show.
  static let most = 40

  /// Nil if the method has no round.
  init?(method: String, _ windows: [VersionClock.Window]) {
    guard let longest = windows.max(by: { $0.length < $1.length }), longest.length > 0 else {
      return nil
    }
    self.method = method
    window = longest
    medianLength = windows.map(\.length).sorted()[(windows.count - 1) / 2]
  }

  private mutating func add(_ task: TaskRow) {
    guard task.outcome.started else {
      if task.round == window.round { refused[task.outcome, default: 0] += 1 }
      return
    }
    guard task.start < window.end, task.end > window.start else { return }
    started += 1
    tasks.append(task)
    if task.end == window.end, let end = LastTask(task),
      end.precedes(last.flatMap(LastTask.init))
    {
      last = task
    }
    if tasks.count > 4 * Self.most { trim() }
  }

  /// Keeps the tasks that ended last, and the one that ended the round, which later ones may
  /// follow.
  private mutating func trim() {
    tasks.sort { ($1.end, $0.client) < ($0.end, $1.client) }
    guard tasks.count > Self.most else { return }
    let dropped = tasks[Self.most...]
    let isLastDropped = last.map { last in dropped.contains { $0.isSame(as: last) } } ?? false
    tasks = Array(tasks.prefix(Self.most))
    if isLastDropped, let last { tasks[Self.most - 1] = last }
  }

  /// Reads the tasks of some rounds, in a single pass over tasks.csv.
  static func reading(_ file: URL, _ rounds: [SlowestRound]) throws -> [SlowestRound] {
    var rounds = rounds
    let places = Dictionary(
      rounds.enumerated().map { ($1.method, $0) }, uniquingKeysWith: { first, _ in first })
    let reader = try CSVReader(file, requiring: TaskRow.requiredColumns)
    while let row = try reader.row() {
      // For most rows, nothing else is read.
      guard let place = places[row.text("method")],
        try row.nanoseconds("start_s") <= rounds[place].window.end,
        try row.nanoseconds("end_s") >= rounds[place].window.start
      else { continue }
      rounds[place].add(try TaskRow(row))
    }
    for index in rounds.indices { rounds[index].trim() }
    return rounds
  }
}

extension TaskRow {
  fileprivate func isSame(as other: TaskRow) -> Bool {
    client == other.client && start == other.start && end == other.end
  }
}
