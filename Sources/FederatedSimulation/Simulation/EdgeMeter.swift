import EventSimulation
import Fleet
import Results
import Scenario

/// An edge's current activity, and the costs already booked for it.
struct EdgeMeter: Codable, Sendable {
  enum Activity: UInt8, Codable {
    /// Failed or retired.
    case off
    case idle, receiving, sending
  }

  private(set) var activity = Activity.idle
  private var start = SimulationTime.zero
  private var link: NetworkLink?
  private var payload = ByteCount.zero
  /// The costs booked since `start`.
  private var booked = EdgeSpending()

  /// Starts an activity; the costs of the previous one must have been booked.
  mutating func begin(
    _ activity: Activity, _ transfer: (link: NetworkLink, payload: ByteCount)? = nil,
    at time: SimulationTime
  ) {
    self.activity = activity
    start = time
    (link, payload) = (transfer?.link, transfer?.payload ?? .zero)
    booked = EdgeSpending()
  }

  /// Books a transfer that takes no time.
  mutating func bookAtOnce() -> EdgeSpending {
    var spent = EdgeSpending()
    let wire = link!.wireBytes(of: payload)
    if activity == .receiving {
      (spent.bytesDown, spent.wireBytesDown) = (payload, wire)
    } else {
      (spent.bytesUp, spent.wireBytesUp) = (payload, wire)
    }
    return spent
  }

  /// Books the costs since the last call and returns them.
  mutating func book(_ power: EdgePower?, at time: SimulationTime) -> EdgeSpending {
    let spent = spent(power, at: time)
    defer { booked = spent }
    return spent - booked
  }

  /// The costs since `start`.
  private func spent(_ power: EdgePower?, at time: SimulationTime) -> EdgeSpending {
    var spent = EdgeSpending()
    let active = time - start
    guard let link else {
      spent.energy = power.map { activity == .idle ? $0.idle.energy(in: active) : .zero }
      return spent
    }
    let moved = link.bytesMoved(of: payload, after: active)
    let isWhole = active >= link.transferDuration(of: payload)
    let wire =
      isWhole ? link.wireBytes(of: payload) : link.wireBytes(withPart: moved, of: payload)
    if activity == .receiving {
      (spent.bytesDown, spent.wireBytesDown) = (moved, wire)
    } else {
      (spent.bytesUp, spent.wireBytesUp) = (moved, wire)
    }
    spent.transferTime = active
    spent.energy = power.map {
      PowerUse(computing: .zero, sending: $0.sending, receiving: $0.receiving, idle: $0.idle)
        .energy(
          in: activity == .receiving ? .download : .upload, active: active, latency: link.latency)
    }
    return spent
  }
}
