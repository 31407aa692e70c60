/// The cloud's rounds that ended with the version of one edge, and how that edge spent their time.
struct EdgeWait {
  let method: String
  /// Nil for rounds that ended otherwise, as at a deadline.
  let edge: Int?
  let rounds: Int
  /// In virtual time.
  let seconds: Double
  /// The share of the time of all rounds.
  let share: Double
  /// Shares of `seconds`: before the edge's attempt began, and in its phases. For an attempt that
  /// began before its round, only the part within the round counts.
  let before: Double
  let download: Double
  let work: Double
  let upload: Double

  /// The waits for each edge in ascending order, then those for none; empty if some rounds' times
  /// are unknown.
  static func all(of method: RunResults.Method, _ rows: [EdgeRow]) -> [EdgeWait] {
    let windows = VersionClock(method.rounds).windows
    let pairs = windows.map { (window: $0, row: last(in: $0, of: method.name, rows)) }
    let total = windows.reduce(0) { $0 + Double($1.length) }
    let edges = Set(pairs.map(\.row?.edge)).sorted { ($0 ?? .max) < ($1 ?? .max) }
    return edges.map { edge in
      EdgeWait(method.name, edge, pairs.filter { $0.row?.edge == edge }, total: total)
    }
  }

  /// The attempt whose version ended a round of the cloud.
  static func last(
    in window: VersionClock.Window, of method: String, _ rows: [EdgeRow]
  ) -> EdgeRow? {
    rows.first { $0.method == method && $0.outcome == "completed" && $0.end == window.end }
  }

  private init(
    _ method: String, _ edge: Int?, _ pairs: [(window: VersionClock.Window, row: EdgeRow?)],
    total: Double
  ) {
    let length = pairs.reduce(0) { $0 + Double($1.window.length) }
    func part(_ amount: (VersionClock.Window, EdgeRow) -> Int64) -> Double {
      guard length > 0 else { return 0 }
      return pairs.reduce(0) { sum, pair in
        sum + (pair.row.map { Double(amount(pair.window, $0)) } ?? 0)
      } / length
    }
    func part(of phase: KeyPath<EdgeRow, (start: Int64, end: Int64)>) -> Double {
      part { window, row in
        let span = row[keyPath: phase]
        return max(0, span.end - max(span.start, window.start))
      }
    }
    self.method = method
    self.edge = edge
    rounds = pairs.count
    seconds = length / 1e9
    share = total > 0 ? length / total : 0
    before = part { window, row in max(0, row.start - window.start) }
    download = part(of: \.downloadSpan)
    work = part(of: \.workSpan)
    upload = part(of: \.uploadSpan)
  }
}

extension EdgeRow {
  fileprivate var downloadSpan: (start: Int64, end: Int64) { (start, start + (download ?? 0)) }
  fileprivate var workSpan: (start: Int64, end: Int64) {
    (downloadSpan.end, downloadSpan.end + (work ?? 0))
  }
  fileprivate var uploadSpan: (start: Int64, end: Int64) {
    (workSpan.end, workSpan.end + (upload ?? 0))
  }
}
