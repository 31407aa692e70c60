import EventSimulation
import Randomness

/// A device's battery and its participation rule: a task must not draw the charge below a reserve.
///
/// The charge at the start of a task is uniform from empty to full for each task and device, and
/// the same for all methods: it is determined by other uses of the device, not by previous
/// training.
public struct Battery: Hashable, Codable, Sendable {
  public var capacity: Energy
  /// The fraction of the capacity below which no task may draw the charge, from 0 to 1.
  public var reserve: Double

  public init(capacity: Energy, reserve: Double) {
    self.capacity = capacity
    self.reserve = reserve
  }

  /// Whether a full battery can afford a task.
  package func canAfford(_ energy: Energy) -> Bool {
    Double(energy.microjoules) < (1 - reserve) * Double(capacity.microjoules)
  }

  /// Whether the device can afford a task.
  package func affords(_ energy: Energy, task: Int, device: Int, seed: UInt64) -> Bool {
    var stream = RandomStream(seed: seed, purpose: "battery", task, device)
    let charge = stream.uniform() * Double(capacity.microjoules)
    return charge - Double(energy.microjoules) >= reserve * Double(capacity.microjoules)
  }
}
