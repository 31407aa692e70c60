import EventSimulation

/// One direction of the way between a device and the server, with nobody else on it.
///
/// A transfer waits one round-trip time for its first byte; then the bytes come at the link's rate.
/// A transfer of no bytes is a message without a payload and takes the round-trip time alone.
package struct NetworkLink: Hashable, Codable, Sendable {
  package var rate: BitRate
  package var rtt: SimulationDuration

  package init(rate: BitRate, rtt: SimulationDuration) {
    self.rate = rate
    self.rtt = rtt
  }

  /// How long the transfer of `bytes` takes: rtt + ceil(8e9 * bytes / rate) nanoseconds.
  package func transferDuration(of bytes: ByteCount) -> SimulationDuration {
    rtt + rate.duration(of: bytes)
  }

  /// How many of `bytes` have arrived when `elapsed` has gone since the transfer began.
  ///
  /// None until the round-trip time has gone, all when `transferDuration(of:)` has, and in between
  /// the floor of rate * (elapsed - rtt) / 8e9.
  package func bytesMoved(of bytes: ByteCount, after elapsed: SimulationDuration) -> ByteCount {
    guard elapsed > rtt else { return .zero }
    return min(bytes, rate.bytes(in: elapsed - rtt))
  }
}
