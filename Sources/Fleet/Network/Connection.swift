import EventSimulation
import Foundation
import Randomness

/// How transfers between devices and the server work: the latency before the first byte, and the
/// transport.
///
/// The latency is handshakes * rtt + jitter * e, with e drawn from the exponential distribution of
/// mean 1 for each transfer. A lost handshake costs a timeout and two additional round trips, the
/// next one twice as much. Draws depend only on the seed, the task and the device, so they are the
/// same for all methods of a run.
package struct Connection: Hashable, Codable, Sendable {
  /// Round trips before the first byte: 1 for a request, 3 with a new TCP and TLS 1.3 connection.
  package var handshakes: Int
  /// Additional round trips before an upload's first byte.
  package var extraUploadRoundTrips: Int
  package var framing: MessageFraming
  /// Nil for the fluid model.
  package var tcp: TCPSettings?
  package var seed: UInt64

  package init(
    handshakes: Int, extraUploadRoundTrips: Int = 0, framing: MessageFraming = .none,
    tcp: TCPSettings? = nil, seed: UInt64
  ) {
    self.handshakes = handshakes
    self.extraUploadRoundTrips = extraUploadRoundTrips
    self.framing = framing
    self.tcp = tcp
    self.seed = seed
  }

  package func links(of profile: DeviceProfile, task: Int) -> TransferLinks {
    var links = TransferLinks(profile)
    let roundTrips = (0..<handshakes).reduce(SimulationDuration.zero) { sum, _ in
      sum + profile.rtt
    }
    (links.download.latency, links.upload.latency) = (roundTrips, roundTrips)
    (links.download.framing, links.upload.framing) = (framing, framing.ofUploads)
    if profile.jitter > .zero {
      var stream = RandomStream(seed: seed, purpose: "jitter", task, profile.id)
      func drawn() -> SimulationDuration {
        SimulationDuration(
          nearestTo: -log(1 - stream.uniform()) * Double(profile.jitter.nanoseconds))
      }
      links.download.latency += drawn()
      links.upload.latency += drawn()
    }
    if let tcp {
      let probability = (profile.loss ?? tcp.loss).probability
      links.download.send(over: tcp, profile, probability, handshakes) {
        RandomStream(seed: seed, purpose: "download losses", task, profile.id)
      }
      links.upload.send(over: tcp, profile, probability, handshakes) {
        RandomStream(seed: seed, purpose: "upload losses", task, profile.id)
      }
    }
    for _ in 0..<extraUploadRoundTrips { links.upload.latency += profile.rtt }
    return links
  }
}

extension NetworkLink {
  fileprivate mutating func send(
    over settings: TCPSettings, _ profile: DeviceProfile, _ probability: Double, _ handshakes: Int,
    _ stream: () -> RandomStream
  ) {
    tcp = Path(settings: settings, rtt: profile.rtt)
    guard probability > 0 else { return }
    var losses = PacketLosses(probability: probability, stream())
    for _ in 0..<handshakes {
      var wait =
        SimulationDuration(nearestTo: TCPRecovery.leastTimeout * 1e9) + profile.rtt + profile.rtt
      while losses.loses() {
        latency += wait
        wait = min(
          wait + wait, max(wait, SimulationDuration(nearestTo: TCPRecovery.largestTimeout * 1e9)))
      }
    }
    tcp!.losses = losses
  }
}
