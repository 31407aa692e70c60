/// When the next checkpoint is due.
///
/// Writing them takes a fiftieth of the time at most, however short a version is; yet none is older than a
/// minute, unless writing one takes so long that this would be more than a tenth.
struct CheckpointPace {
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  /// What the last one took; before the first, what a small one takes on a slow disk.
  private var cost = Duration.milliseconds(10)

  init() { last = clock.now }

  /// - Parameter madeVersion: whether a version has just been made, between which there is least to write.
  func isDue(madeVersion: Bool) -> Bool {
    let longest = max(.seconds(60), cost * 10)
    return last.duration(to: clock.now) >= (madeVersion ? min(cost * 50, longest) : longest)
  }

  /// Takes note of what writing one, or trying to, took.
  mutating func wrote(since start: ContinuousClock.Instant) {
    last = clock.now
    cost = start.duration(to: last)
  }

  var now: ContinuousClock.Instant { clock.now }
}
