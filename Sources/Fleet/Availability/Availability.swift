import EventSimulation

/// When devices are online for training.
///
/// A pure function of the seed, the device and the time. It keeps no state, so looking ahead has no
/// effect.
public enum Availability: Hashable, Codable, Sendable {
  case always
  case diurnal(DiurnalPattern)
  case sessions(SessionPattern)
  case trace(AvailabilityTrace)

  /// A remark for the user on a fleet of that size, as a sentence; nil if there is none.
  package func remark(devices: Int) -> String? {
    guard case .trace(let trace) = self else { return nil }
    let recorded = trace.recorded(below: devices)
    return recorded < devices
      ? "\(devices - recorded) of \(devices) devices have no session in the availability trace, whose column device contains their numbers, and are never online; write assignment: in-turn to let devices follow the recorded ones in turn"
      : nil
  }

  /// The first session of a device that ends after `time`, or nil if it never comes back online.
  ///
  /// If the device is online at `time`, the returned session may start as late as `time`.
  package func session(of device: Int, after time: SimulationTime, seed: UInt64) -> Session? {
    switch self {
    case .always: Session(start: time, end: .distantFuture)
    case .diurnal(let pattern): pattern.session(of: device, after: time, seed: seed)
    case .sessions(let pattern): pattern.session(of: device, after: time, seed: seed)
    case .trace(let trace): trace.session(of: device, after: time)
    }
  }
}
