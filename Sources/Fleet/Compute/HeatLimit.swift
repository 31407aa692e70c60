import EventSimulation

/// Thermal throttling: after some time of training, the device continues at a fraction of its
/// speed.
///
/// Work that takes c nanoseconds at full speed takes c up to `after`, and
/// after + (c - after) / speed beyond it. Every task starts cool.
public struct HeatLimit: Hashable, Codable, Sendable {
  /// The time that a task trains at full speed.
  public var after: SimulationDuration
  /// The speed after that, as a fraction of full speed, above 0 and at most 1.
  public var speed: Double

  public init(after: SimulationDuration, speed: Double) {
    precondition(speed > 0 && speed <= 1, "a hot device has a speed, and not a higher one")
    self.after = after
    self.speed = speed
  }

  /// The throttled duration of work that takes `cool` at full speed; rounded up.
  func duration(of cool: SimulationDuration) -> SimulationDuration {
    guard cool > after else { return cool }
    let slow = Double((cool - after).nanoseconds) / speed
    return after + SimulationDuration(nearestTo: slow.rounded(.up))
  }

  /// The full-speed duration of the work done in `elapsed`; rounded down.
  func cool(_ elapsed: SimulationDuration) -> SimulationDuration {
    guard elapsed > after else { return elapsed }
    let slow = Double((elapsed - after).nanoseconds) * speed
    return after + SimulationDuration(nearestTo: slow.rounded(.down))
  }
}
