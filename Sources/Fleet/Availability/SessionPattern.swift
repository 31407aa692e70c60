import EventSimulation
import Randomness

/// Devices that are online once per interval, with a random length and start.
///
/// The intervals of each device have their own offset, so that devices do not come online together.
public struct SessionPattern: Hashable, Codable, Sendable {
  /// The length of an interval.
  public var every: SimulationDuration
  /// The length of a session, clipped to the interval.
  public var length: QuantityDistribution<SimulationDuration>

  public init(every: SimulationDuration, length: QuantityDistribution<SimulationDuration>) {
    self.every = every
    self.length = length
  }

  func session(of device: Int, after time: SimulationTime, seed: UInt64) -> Session? {
    var offset = RandomStream(seed: seed, purpose: "session offset", device)
    let shift = Int64(offset.integer(below: Int(every.nanoseconds)))
    var number = (time.nanoseconds + shift) / every.nanoseconds
    let last = number + Self.stretchLimit
    while number < last {
      var session = session(number, of: device, shift, seed)
      if session.end > time, session.start < session.end {
        while number < last {
          let next = self.session(number + 1, of: device, shift, seed)
          guard next.start == session.end else { break }
          session.end = next.end
          number += 1
        }
        return session
      }
      number += 1
    }
    return nil
  }

  /// The number of intervals searched for a non-empty session, or for a continuous one's end.
  private static let stretchLimit: Int64 = 10_000

  private func session(_ number: Int64, of device: Int, _ shift: Int64, _ seed: UInt64) -> Session {
    let length = min(
      every,
      self.length.draw(
        from: RandomStream(seed: seed, purpose: "session length", device, Int(number))))
    var stream = RandomStream(seed: seed, purpose: "session start", device, Int(number))
    let room = Int((every - length).nanoseconds)
    let wait = room > 0 ? Int64(stream.integer(below: room + 1)) : 0
    let start = SimulationTime(nanoseconds: number * every.nanoseconds - shift + wait)
    return Session(start: start, end: start + length)
  }
}
