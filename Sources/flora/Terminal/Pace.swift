/// How fast a phase goes, and when it will be done at that pace.
struct Pace {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// What was done before the phase was looked at.
  private let before: Int

  init(before: Int = 0) {
    self.before = before
    start = clock.now
  }

  /// Seconds that the rest takes; nil where nothing can be said.
  func secondsLeft(done: Int, of total: Int) -> Double? {
    guard let rate = rate(done: done), rate > 0, total >= done else { return nil }
    return Double(total - done) / rate
  }

  /// So many a second; nil where nothing can be said.
  func rate(done: Int) -> Double? {
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    return done > before && elapsed > 0 ? Double(done - before) / elapsed : nil
  }

  /// The time that the rest takes, as the end of a progress line; empty where nothing can be said.
  func left(done: Int, of total: Int) -> String {
    guard total > done, let left = secondsLeft(done: done, of: total) else { return "" }
    let seconds = Int(min(left.rounded(), 1e9))
    return switch seconds {
    case ..<120: " · about \(max(1, seconds)) s left"
    case ..<7200: " · about \(seconds / 60) min left"
    default: " · about \(seconds / 3600) h left"
    }
  }
}
