import EventSimulation
import Foundation

/// The effect of packet loss on a TCP transfer: recovery, and congestion avoidance with CUBIC
/// (RFC 9438).
///
/// Packets are lost independently with probability p. After a loss, the window follows
///
///     w(u) = max(min(C (u + RTT - K)^3 + top, 1.5 w),
///                w0 + 3 (1 - beta) / (1 + beta) (u / RTT - 1/2)),
///     K = ((top - w0) / C)^(1/3), w0 = beta * the window at the loss, C = 0.4, beta = 0.7,
///
/// after a round trip of recovery at w0, until the next loss. Slow start ends before the first loss
/// if the acknowledgements of a burst, at most 2 ms apart, take half a round trip (HyStart: Ha and
/// Rhee, "Taming the elephants", 2011), with a window of the burst plus half a bandwidth-delay
/// product. The packets between two losses are computed in round trips and served as one piece at
/// its mean rate; several are merged until a piece is a twentieth of the transfer. Quantities are
/// in packets and seconds.
struct TCPRecovery: Hashable, Codable, Sendable {
  /// The path between the two ends.
  struct Path: Hashable, Codable, Sendable {
    /// The time of a packet on the link.
    let packetTime: Double
    let rtt: Double
    let largestWindow: Double
    /// The window at which the queue overflows.
    let overflow: Double

    init(_ settings: TCPSettings, _ rate: BitRate, _ rtt: SimulationDuration) {
      packetTime = Double(8 * settings.packet.bytes) / Double(rate.bitsPerSecond)
      self.rtt = max(rtt.seconds, 1e-9)
      let pipe = self.rtt / packetTime
      largestWindow = max(
        Double(settings.initialWindow),
        Double(settings.window.bytes) / Double(settings.segment.bytes))
      overflow = min(pipe + max(settings.queue * pipe, 50), largestWindow)
    }

    var pipe: Double { rtt / packetTime }

    /// Whether the acknowledgements of a burst, one per two packets, arrive as a train.
    var hasTrains: Bool { 2 * packetTime <= 2e-3 }
  }

  /// The packets to serve next, their rate in packets per second, and for the last part of a
  /// transfer the minimum time from the loss to its end.
  struct Part {
    var packets: Double
    var rate: Double
    var wait: SimulationDuration?
  }

  private let path: Path
  private var losses: PacketLosses
  private let total: Double
  /// The number of packets up to and including the next lost one.
  private(set) var packetsToLoss: Double
  /// The window when the loss is detected, and the packets sent until then.
  private var window = 0.0
  private var sent = 0.0
  /// The window at the last loss.
  private var top = 0.0
  /// The window with which slow start ended before a loss; nil if it has not.
  private var exit: Double?
  /// The window in packets before the first loss.
  private var lastWindow = 0.0

  private static let beta = 0.7
  private static let c = 0.4
  private static let renoSlope = 3 * (1 - beta) / (1 + beta)
  /// Linux's minimum and maximum retransmission timeouts, in seconds.
  static let leastTimeout = 0.2
  static let largestTimeout = 120.0
  /// The minimum size of a piece as a fraction of the transfer.
  private static let leastPart = 0.05

  init(_ path: Path, _ losses: PacketLosses, total: Double) {
    self.path = path
    self.losses = losses
    self.total = total
    packetsToLoss = self.losses.packetsToNext()
  }

  /// Advances by `packets` and returns whether the last of them is lost.
  mutating func loses(_ packets: Double) -> Bool {
    packetsToLoss -= packets
    return packetsToLoss <= 1e-6
  }

  /// Records a burst of slow start.
  mutating func sends(burst: Double) {
    guard exit == nil, path.hasTrains, burst >= path.pipe / 2 else { return }
    exit = min(burst + path.pipe / 2, path.largestWindow)
  }

  /// Handles the first loss, at the end of a piece.
  mutating func meet(_ packets: Double, window before: Double, isSteady: Bool) {
    let burst = min(packets, before)
    window = max(min(before + burst, path.overflow), min(before, path.largestWindow))
    if let exit {
      let growth = isSteady ? Self.renoSlope * packets / max(exit, path.pipe) : 0
      window = min(window, max(exit + growth, 2))
    }
    sent = isSteady ? window : min(2 * burst + Self.beta * (before - burst), window)
    lastWindow = before
  }

  mutating func startAnew(after packets: Double) {
    packetsToLoss = max(1, packetsToLoss - packets)
    (window, sent, top, exit) = (0, 0, 0, nil)
  }

  /// Handles a lost packet with `rest` packets still to come.
  mutating func afterLoss(rest: Double) -> Part {
    var (packets, seconds) = (0.0, 0.0)
    repeat {
      let left = rest - packets
      if left <= sent {
        // The entire rest is in flight.
        if packets > 0 { break }
        return tail(left)
      }
      packets += sent
      seconds += max(path.rtt, sent * path.packetTime)
      top = window >= top ? window : window * (1 + Self.beta) / 2
      let start = max(2, (Self.beta * window).rounded(.down))
      // The retransmission is lost too.
      if losses.loses() { seconds += Self.leastTimeout + path.rtt }
      let run = min(losses.packetsToNext(), rest - packets)
      let (time, grown) = avoidance(run, from: start)
      packets += run
      seconds += time
      window =
        grown * path.packetTime > path.rtt ? min(max(grown, 2), path.overflow) : max(grown, 2)
      sent = window
    } while rest - packets > 1e-9 && packets < Self.leastPart * total
    return Part(packets: packets, rate: packets / seconds)
  }

  /// Fewer than three packets after the lost one give too few duplicate acknowledgements, and none
  /// at all causes a timeout.
  private func tail(_ rest: Double) -> Part {
    let wait =
      rest <= 0.5
      ? 2 * path.rtt + Self.leastTimeout : rest < 3 ? 1.25 * path.rtt : path.rtt
    let rate = window > lastWindow ? max(rest, 1e-9) / path.rtt : 1 / path.packetTime
    return Part(
      packets: rest, rate: rate, wait: SimulationDuration(nearestTo: wait * 1e9))
  }

  /// When the receiver has everything, if the last packet was repaired at `time`; later if
  /// retransmissions are lost again.
  mutating func ending(_ time: SimulationTime) -> SimulationTime {
    var (time, wait) = (time, Self.leastTimeout + path.rtt)
    while losses.loses() {
      time = time + SimulationDuration(nearestTo: wait * 1e9)
      wait = min(2 * wait, max(wait, Self.largestTimeout))
    }
    return time
  }

  /// The seconds for `packets` after a loss, and the window after them.
  private func avoidance(_ packets: Double, from start: Double) -> (seconds: Double, window: Double)
  {
    let target = max(top, start)
    let k = cbrt((target - start) / Self.c)
    var (rest, seconds, since, window) = (packets, 0.0, -path.rtt, start)
    while true {
      let rate = min(1 / path.packetTime, window / path.rtt)
      if window >= path.largestWindow || rest <= rate * path.rtt
        || window >= path.pipe && rest <= window
      {
        return (seconds + rest / rate, window)
      }
      let round = max(path.rtt, window * path.packetTime)
      rest -= window
      seconds += round
      since += round
      if since > -1e-9 {
        let cubic = Self.c * pow(since + path.rtt - k, 3) + target
        let reno = start + Self.renoSlope * max(0, since / path.rtt - 0.5)
        window = min(max(window, min(cubic, 1.5 * window), reno), path.largestWindow)
      }
    }
  }
}
