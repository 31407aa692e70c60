/// The rounds of a method that ended the same way, and how what ended them spent their time: tasks
/// of one device class or, for a server with edges, the work of one edge.
struct RoundWait {
  /// What ended a round.
  struct End {
    /// The device class, or the edge.
    let name: String
    let start: Int64
    let phases: [TaskRow.Phase]
  }

  let method: String
  /// Nil for rounds that did not end with a task or an edge's version.
  let endedBy: String?
  let rounds: Int
  /// In virtual time.
  let seconds: Double
  /// The share of the time of all rounds.
  let share: Double
  /// Shares of `seconds`: before the task or the edge's work began, and in its phases. If it began
  /// before its round, only the part within the round counts.
  let before: Double
  let download: Double
  let training: Double
  let upload: Double

  /// The waits of a method for each device class or each edge, then those for none of them; empty
  /// if some rounds' times are unknown.
  static func all(of method: RunResults.Method, in results: RunResults) -> [RoundWait] {
    guard let tally = method.tally else { return [] }
    let windows = tally.clock.windows
    let (names, ends): ([String], [End?])
    if let edges = results.edges {
      names = Set(edges.map(\.edge)).sorted().map(EdgeRow.name)
      ends = windows.map { EdgeRow.last(in: $0, of: method.name, edges).map(End.init) }
    } else {
      names = results.deviceClasses
      ends = tally.lastTasks.map { $0.map(End.init) }
    }
    return (names + [nil]).compactMap {
      RoundWait(method.name, Array(zip(windows, ends)), endedBy: $0)
    }
  }

  /// Nil if no round ended this way.
  private init?(
    _ method: String, _ rounds: [(window: VersionClock.Window, end: End?)], endedBy: String?
  ) {
    let pairs = rounds.filter { $0.end?.name == endedBy }
    guard !pairs.isEmpty else { return nil }
    let total = rounds.reduce(0.0) { $0 + Double($1.window.length) }
    let length = pairs.reduce(0.0) { $0 + Double($1.window.length) }
    func part(_ amount: (VersionClock.Window, End) -> Int64) -> Double {
      guard length > 0 else { return 0 }
      return pairs.reduce(0.0) { sum, pair in
        sum + (pair.end.map { Double(amount(pair.window, $0)) } ?? 0)
      } / length
    }
    func part(of phase: TaskPhase) -> Double {
      part { window, end in
        end.phases.filter { $0.phase == phase }.reduce(0) { sum, phase in
          sum + max(0, phase.start + phase.length - max(phase.start, window.start))
        }
      }
    }
    self.method = method
    self.endedBy = endedBy
    self.rounds = pairs.count
    seconds = length / 1e9
    share = total > 0 ? length / total : 0
    before = part { window, end in max(0, end.start - window.start) }
    download = part(of: .download)
    training = part(of: .train)
    upload = part(of: .upload)
  }
}

extension RoundWait.End {
  fileprivate init(_ task: LastTask) {
    self.init(name: task.deviceClass, start: task.start, phases: task.phases)
  }

  fileprivate init(_ row: EdgeRow) {
    self.init(name: EdgeRow.name(row.edge), start: row.start, phases: row.phases)
  }
}
