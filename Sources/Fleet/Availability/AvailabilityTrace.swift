import EventSimulation

/// Sessions that were recorded from real devices.
public struct AvailabilityTrace: Hashable, Codable, Sendable {
  /// Which recorded device each device of the fleet follows.
  public enum Assignment: String, Codable, Sendable, CaseIterable {
    /// The recorded device with the same number; a device without a recording is never online.
    case byNumber = "by-number"
    /// Device i follows recording i modulo their count, ordered by number or name.
    case inTurn = "in-turn"
  }

  /// The sessions of each recorded device: ascending, non-empty and not adjacent.
  private let sessions: [[Session]]
  /// The index of each recorded device by its number; nil if assigned in turn.
  private let places: [Int: Int]?
  /// The period after which the recording repeats; nil if it does not.
  public let period: SimulationDuration?

  /// - Parameters:
  ///   - sessions: of each recorded device, in any order; touching or overlapping sessions are
  ///     merged, and empty ones dropped.
  ///   - numbers: the recorded devices' numbers in the fleet; nil if assigned in turn.
  ///   - period: not before the end of any session.
  package init(_ sessions: [[Session]], numbers: [Int]? = nil, period: SimulationDuration?) {
    precondition(!sessions.isEmpty, "a trace has a device")
    precondition(
      period.map { period in sessions.joined().allSatisfy { $0.end.sinceStart <= period } } ?? true,
      "a recording does not begin again before it ends")
    self.sessions = sessions.map(\.joined)
    self.period = period
    places = numbers.map { numbers in
      precondition(numbers.count == sessions.count, "a number for each recorded device")
      return Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
    }
  }

  /// The number of recorded devices.
  package var deviceCount: Int { sessions.count }

  /// The number of devices with a recording among those below a number.
  package func recorded(below count: Int) -> Int {
    places.map { places in places.keys.count { $0 < count } } ?? count
  }

  private func place(of device: Int) -> Int? {
    places.map { $0[device] } ?? device % sessions.count
  }

  func session(of device: Int, after time: SimulationTime) -> Session? {
    guard let place = place(of: device) else { return nil }
    let own = sessions[place]
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

  /// The first session that ends after `time`, by binary search.
  private static func first(in sessions: [Session], after time: SimulationTime) -> Session? {
    var (low, high) = (0, sessions.count)
    while low < high {
      let middle = (low + high) / 2
      if sessions[middle].end > time { high = middle } else { low = middle + 1 }
    }
    return low < sessions.count ? sessions[low] : nil
  }
}
