import EventSimulation

/// The availability of one device, which relates its own active time to simulated time.
package struct DeviceAvailability: Hashable, Sendable {
  private let availability: Availability
  /// When the device is offline regardless of its sessions: ascending, disjoint and not adjacent.
  private let outages: [Session]
  private let device: Int
  private let seed: UInt64

  package init(
    _ availability: Availability, device: Int, seed: UInt64, outages: [Session] = []
  ) {
    self.availability = availability
    self.outages = outages
    self.device = device
    self.seed = seed
  }

  /// Whether the device is always online.
  package var isLasting: Bool { outages.isEmpty && availability == .always }

  /// The first session that ends after `time`, or nil if the device never comes back online.
  package func session(after time: SimulationTime) -> Session? {
    guard !outages.isEmpty else { return ownSession(after: time) }
    guard time < .distantFuture else { return nil }
    var now = time
    while let session = ownSession(after: now) {
      if let part = part(of: session, after: now) { return part }
      guard session.end < .distantFuture else { return nil }
      now = session.end
    }
    return nil
  }

  private func ownSession(after time: SimulationTime) -> Session? {
    availability.session(of: device, after: time, seed: seed)
  }

  /// The first part of a session outside outages that ends after `time`.
  private func part(of session: Session, after time: SimulationTime) -> Session? {
    var part = session
    for outage in outages where outage.end > part.start {
      guard outage.start < session.end else { break }
      if outage.start > part.start, outage.start > time {
        part.end = outage.start
        return part
      }
      part.start = outage.end
      if part.start >= session.end { return nil }
    }
    return part
  }

  package func isOnline(at time: SimulationTime) -> Bool {
    isLasting || session(after: time).map { $0.start <= time } ?? false
  }

  /// The instant at which the device has been online for `active` since `time`.
  ///
  /// The end of a session counts as part of it, so that work that takes exactly as long as the
  /// session is done at its end. Nil if the device goes offline for good before that.
  package func instant(
    after active: SimulationDuration, from time: SimulationTime
  ) -> SimulationTime? {
    if isLasting { return time + active }
    var (now, left) = (time, active)
    while let session = session(after: now) {
      now = max(now, session.start)
      let stay = session.end - now
      if left <= stay { return now + left }
      left = left - stay
      now = session.end
    }
    return nil
  }

  /// The time that the device is online between two instants.
  package func active(from start: SimulationTime, to end: SimulationTime) -> SimulationDuration {
    if isLasting { return end - start }
    var (now, sum) = (start, SimulationDuration.zero)
    while let session = session(after: now), session.start < end {
      sum += min(session.end, end) - max(now, session.start)
      if session.end >= end { break }
      now = session.end
    }
    return sum
  }

  /// The instant at which the device goes offline for good, not before `time`; nil if it always
  /// comes back.
  package func lastEnd(after time: SimulationTime) -> SimulationTime {
    var now = time
    while let session = session(after: now) { now = session.end }
    return now
  }
}
