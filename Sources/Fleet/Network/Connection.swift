import EventSimulation
import Foundation
import Randomness

/// How devices reach the server: what a transfer waits before its first byte.
///
/// The wait is handshakes * rtt + jitter * e, with e drawn from the exponential distribution of mean 1
/// anew for each transfer. It depends on the seed, the task and the device alone, so all methods of a
/// run wait alike.
package struct Connection: Hashable, Codable, Sendable {
  /// Round trips before the first byte: 1 for a request, 3 with a new TCP and TLS 1.3 connection.
  package var handshakes: Int
  package var seed: UInt64

  package init(handshakes: Int, seed: UInt64) {
    self.handshakes = handshakes
    self.seed = seed
  }

  package func latency(of profile: DeviceProfile, task: Int) -> TransferLatency {
    var roundTrips = SimulationDuration.zero
    for _ in 0..<handshakes { roundTrips += profile.rtt }
    guard profile.jitter > .zero else {
      return TransferLatency(download: roundTrips, upload: roundTrips)
    }
    var stream = RandomStream(seed: seed, purpose: "jitter", task, profile.id)
    func drawn() -> SimulationDuration {
      roundTrips
        + SimulationDuration(
          nearestTo: -log(1 - stream.uniform()) * Double(profile.jitter.nanoseconds))
    }
    let download = drawn()
    return TransferLatency(download: download, upload: drawn())
  }
}
