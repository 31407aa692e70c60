import EventSimulation

/// One direction of the way between a device and the server, with nobody else on it.
///
/// A transfer waits the latency for its first byte; then the bytes come at the link's rate. A transfer
/// of no bytes is a message without a payload and takes the latency alone.
package struct NetworkLink: Hashable, Codable, Sendable {
  package var rate: BitRate
  package var latency: SimulationDuration

  package init(rate: BitRate, latency: SimulationDuration) {
    self.rate = rate
    self.latency = latency
  }

  /// How long the transfer of `bytes` takes: latency + ceil(8e9 * bytes / rate) nanoseconds.
  package func transferDuration(of bytes: ByteCount) -> SimulationDuration {
    latency + rate.duration(of: bytes)
  }

  /// How many of `bytes` have arrived when `elapsed` has gone since the transfer began.
  ///
  /// None until the latency has gone, all when `transferDuration(of:)` has, and in between
  /// the floor of rate * (elapsed - latency) / 8e9.
  package func bytesMoved(of bytes: ByteCount, after elapsed: SimulationDuration) -> ByteCount {
    guard elapsed > latency else { return .zero }
    return min(bytes, rate.bytes(in: elapsed - latency))
  }
}
