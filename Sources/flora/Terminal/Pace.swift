/// The rate of a phase, and its estimated remaining time.
struct Pace {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// The count when the phase was first observed.
  private let before: Int

  init(before: Int = 0) {
    self.before = before
    start = clock.now
  }

  /// The estimated remaining seconds; nil if unknown.
  func secondsLeft(done: Int, of total: Int) -> Double? {
    guard let rate = rate(done: done), rate > 0, total >= done else { return nil }
    return Double(total - done) / rate
  }

  /// The rate per second; nil if unknown.
  func rate(done: Int) -> Double? {
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    return done > before && elapsed > 0 ? Double(done - before) / elapsed : nil
  }

  /// The estimated remaining time as the end of a progress line; empty if unknown.
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
