import EventSimulation

/// The power consumption of a device during a task.
///
/// A device that waits for the first byte of a transfer is idle; one that is offline consumes
/// nothing on the task's account.
public struct PowerUse: Hashable, Codable, Sendable {
  public var computing: Power
  public var sending: Power
  public var receiving: Power
  public var idle: Power

  public init(computing: Power, sending: Power, receiving: Power, idle: Power) {
    self.computing = computing
    self.sending = sending
    self.receiving = receiving
    self.idle = idle
  }

  /// The energy of a phase after `active` time, of which the first `latency` passed without a byte.
  package func energy(
    in phase: TaskPhase, active: SimulationDuration, latency: SimulationDuration
  ) -> Energy {
    let waiting = min(active, latency)
    let power =
      switch phase {
      case .download: receiving
      case .training: computing
      case .upload: sending
      }
    return idle.energy(in: waiting) + power.energy(in: active - waiting)
  }
}
