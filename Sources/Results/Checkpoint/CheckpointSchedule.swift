/// Decides when the next checkpoint is due.
///
/// Checkpoints stop the simulation for at most a fiftieth of the time, and use the disk for at most
/// a fifth, however short a version is. No checkpoint is older than a minute, unless writing one
/// takes so long that this would exceed a tenth of the time.
struct CheckpointSchedule {
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  /// How long the last checkpoint stopped the simulation, or a tenth of its disk time if that is
  /// longer; before the first, the cost of a small one.
  private var cost = Duration.milliseconds(10)

  init() { last = clock.now }

  /// - Parameter madeVersion: whether a version has just been created, when there is least to
  ///   write.
  func isDue(madeVersion: Bool) -> Bool {
    let longest = max(.seconds(60), cost * 10)
    return last.duration(to: clock.now) >= (madeVersion ? min(cost * 50, longest) : longest)
  }

  /// Records how long a checkpoint, successful or not, stopped the simulation.
  mutating func wrote(since start: ContinuousClock.Instant) {
    last = clock.now
    cost = start.duration(to: last)
  }

  /// Records the disk time of the last checkpoint.
  mutating func waited(_ duration: Duration) { cost = max(cost, duration / 10) }

  var now: ContinuousClock.Instant { clock.now }
}
