import EventSimulation

/// Sessions that were recorded from real devices.
///
/// Device i of the fleet follows recorded device i modulo their number.
public struct AvailabilityTrace: Hashable, Codable, Sendable {
  /// The sessions of each recorded device: ascending, none empty, none touching the next.
  private let sessions: [[Session]]
  /// After how long the recording begins again; nil where it does not.
  public let period: SimulationDuration?

  /// - Parameters:
  ///   - sessions: of each recorded device, in any order; those that touch or overlap are joined, and
  ///     empty ones left out.
  ///   - period: not before the end of any session.
  package init(_ sessions: [[Session]], period: SimulationDuration?) {
    precondition(!sessions.isEmpty, "a trace has a device")
    precondition(
      period.map { period in sessions.joined().allSatisfy { $0.end.sinceStart <= period } } ?? true,
      "a recording does not begin again before it ends")
    self.sessions = sessions.map(Self.joined)
    self.period = period
  }

  /// The number of recorded devices.
  package var deviceCount: Int { sessions.count }

  func session(of device: Int, after time: SimulationTime) -> Session? {
    let own = sessions[device % sessions.count]
    guard let first = own.first, let last = own.last else { return nil }
    guard let period else { return Self.first(in: own, after: time) }
    let lap = time.nanoseconds / period.nanoseconds
    let shift = SimulationDuration(nanoseconds: lap * period.nanoseconds)
    let isSeamless = first.start == .zero && last.end.sinceStart == period
    if isSeamless, own.count == 1 { return Session(start: time, end: .distantFuture) }
    let within = SimulationTime(nanoseconds: (time - .zero - shift).nanoseconds)
    guard var session = Self.first(in: own, after: within) else {
      return Session(start: first.start + shift + period, end: first.end + shift + period)
    }
    if isSeamless, session == last { session.end = first.end + period }
    return Session(start: session.start + shift, end: session.end + shift)
  }

  /// The first session that ends after `time`, by bisection.
  private static func first(in sessions: [Session], after time: SimulationTime) -> Session? {
    var (low, high) = (0, sessions.count)
    while low < high {
      let middle = (low + high) / 2
      if sessions[middle].end > time { high = middle } else { low = middle + 1 }
    }
    return low < sessions.count ? sessions[low] : nil
  }

  private static func joined(_ sessions: [Session]) -> [Session] {
    var joined: [Session] = []
    for session in sessions.filter({ $0.start < $0.end }).sorted(by: { $0.start < $1.start }) {
      if let last = joined.last, session.start <= last.end {
        joined[joined.count - 1].end = max(last.end, session.end)
      } else {
        joined.append(session)
      }
    }
    return joined
  }
}
