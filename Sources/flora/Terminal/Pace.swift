/// How fast a phase goes, and when it will be done at that pace.
struct Pace {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  init() { start = clock.now }

  /// The time that the rest takes, as the end of a progress line; empty where nothing can be said.
  func left(done: Int, of total: Int) -> String {
    guard done > 0, total > done else { return "" }
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    let seconds = Int((elapsed / Double(done) * Double(total - done)).rounded())
    return seconds < 120
      ? " · about \(max(1, seconds)) s left" : " · about \(seconds / 60) min left"
  }
}
