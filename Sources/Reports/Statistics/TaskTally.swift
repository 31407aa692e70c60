import Foundation

/// Sums over a method's tasks, computed in a single pass over tasks.csv.
///
/// Memory grows with the number of selected clients and of versions, not of tasks.
struct TaskTally {
  struct Group: Hashable {
    let deviceClass: String
    let outcome: Outcome
  }

  struct Sum {
    var tasks = 0
    var bytes = 0.0
  }

  /// The totals of a client over the whole run.
  struct Client {
    var tasks = 0
    var completed = 0
    var bytes = 0.0
  }

  private(set) var groups: [Group: Sum] = [:]
  /// In order of first occurrence.
  private(set) var deviceClasses: [String] = []
  private(set) var clients: [Int: Client] = [:]
  /// Of all downloads and uploads, each from its beginning to its end.
  private(set) var transferSeconds = 0.0
  /// The task that created each version of the clock; nil if there is none, as at a deadline.
  private(set) var lastTasks: [LastTask?]
  /// The first start, the last end and the last used update of each round, if the clock has no
  /// windows.
  private var spans: [Int: (start: Int64, end: Int64, used: Int64?)] = [:]
  let clock: VersionClock

  init(_ clock: VersionClock) {
    self.clock = clock
    lastTasks = Array(repeating: nil, count: clock.windows.count)
  }

  mutating func add(_ task: TaskRow) {
    if !deviceClasses.contains(task.deviceClass) { deviceClasses.append(task.deviceClass) }
    let group = Group(deviceClass: task.deviceClass, outcome: task.outcome)
    groups[group, default: Sum()].tasks += 1
    groups[group]!.bytes += Double(task.bytes)
    transferSeconds += Double((task.download ?? 0) + (task.upload ?? 0)) / 1e9
    clients[task.client, default: Client()].tasks += 1
    clients[task.client]!.completed += task.outcome == .completed ? 1 : 0
    clients[task.client]!.bytes += Double(task.bytes)
    if let place = clock.place(ofVersionAt: task.end), let last = LastTask(task),
      last.precedes(lastTasks[place])
    {
      lastTasks[place] = last
    }
    if clock.windows.isEmpty, task.outcome.started { widenSpan(with: task) }
  }

  private mutating func widenSpan(with task: TaskRow) {
    var span = spans[task.round] ?? (task.start, task.end, nil)
    span.start = min(span.start, task.start)
    span.end = max(span.end, task.end)
    if task.outcome == .completed { span.used = max(span.used ?? task.end, task.end) }
    spans[task.round] = span
  }

  var tasks: Int { groups.values.reduce(0) { $0 + $1.tasks } }

  /// The duration of each round: between versions or, if not all were tested, from a round's first
  /// start to its last used update.
  var windows: [VersionClock.Window] {
    guard clock.windows.isEmpty else { return clock.windows }
    return spans.sorted { $0.key < $1.key }.map { round, span in
      VersionClock.Window(round: round, start: span.start, end: span.used ?? span.end)
    }
  }

  /// The tallies of several methods, by name.
  static func reading(_ file: URL, clocks: [(method: String, clock: VersionClock)]) throws
    -> [String: TaskTally]
  {
    var tallies = Dictionary(
      clocks.map { ($0.method, TaskTally($0.clock)) }, uniquingKeysWith: { first, _ in first })
    try TaskRow.forEach(in: file) { task, row in
      guard tallies[task.method] != nil else {
        throw row.fault("rounds.csv has no method \(task.method)")
      }
      tallies[task.method]!.add(task)
    }
    return tallies
  }
}
