/// When the next checkpoint is due.
///
/// Writing them stops the simulation for a fiftieth of the time at most, and keeps the disk busy for a fifth,
/// however short a version is; yet none is older than a minute, unless writing one takes so long that this
/// would be more than a tenth.
struct CheckpointSchedule {
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  /// For how long the last one stopped the simulation, or a tenth of how long the disk took, if that is longer;
  /// before the first, what a small one takes.
  private var cost = Duration.milliseconds(10)

  init() { last = clock.now }

  /// - Parameter madeVersion: whether a version has just been made, between which there is least to write.
  func isDue(madeVersion: Bool) -> Bool {
    let longest = max(.seconds(60), cost * 10)
    return last.duration(to: clock.now) >= (madeVersion ? min(cost * 50, longest) : longest)
  }

  /// Takes note of for how long writing one, or trying to, stopped the simulation.
  mutating func wrote(since start: ContinuousClock.Instant) {
    last = clock.now
    cost = start.duration(to: last)
  }

  /// Takes note of how long the disk took for the last one.
  mutating func waited(_ duration: Duration) { cost = max(cost, duration / 10) }

  var now: ContinuousClock.Instant { clock.now }
}
