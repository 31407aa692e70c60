import EventSimulation

/// One direction of the way between a device and the server, with nobody else on it.
///
/// A transfer waits the latency for its first byte. Then the bytes come at the link's rate, as a fluid does, or as
/// TCP sends them. A transfer of no bytes is a message without a payload and takes the latency alone.
package struct NetworkLink: Hashable, Codable, Sendable {
  package var rate: BitRate
  package var latency: SimulationDuration
  /// What a message carries beside its payload.
  package var framing = MessageFraming.none
  /// Nil for a fluid.
  package var tcp: Path?

  /// What TCP depends on beside the rate.
  package struct Path: Hashable, Codable, Sendable {
    package var settings: TCPSettings
    package var rtt: SimulationDuration
    /// Nil where no packet is lost.
    var losses: PacketLosses?
  }

  package init(rate: BitRate, latency: SimulationDuration) {
    self.rate = rate
    self.latency = latency
  }

  /// The bytes that travel for a payload: it and its framing, and under TCP the headers of the packets; packets that
  /// are lost count once.
  package func wireBytes(of payload: ByteCount) -> ByteCount {
    let message = framing.bytes(of: payload)
    return tcp?.settings.wireBytes(of: message) ?? message
  }

  /// The transfer of a payload over TCP; nil over a fluid, and where there is nothing to send.
  ///
  /// - Parameter peak: the link's highest rate, where that changes; left out, its rate.
  package func flow(of payload: ByteCount, at peak: BitRate? = nil) -> TCPFlow? {
    let wire = wireBytes(of: payload)
    guard let tcp, wire > .zero else { return nil }
    return TCPFlow(
      tcp.settings, of: FluidAmount(wire), rate: peak ?? rate, rtt: tcp.rtt, losses: tcp.losses)
  }

  /// How long the transfer of a payload takes: for a fluid latency + ceil(8e9 * bytes / rate) nanoseconds.
  package func transferDuration(of payload: ByteCount) -> SimulationDuration {
    guard var flow = flow(of: payload) else {
      return latency + rate.duration(of: wireBytes(of: payload))
    }
    var time = SimulationTime.zero + latency
    while true {
      let piece = flow.next()
      let end = time + piece.amount.duration(at: piece.cap)
      switch flow.served(piece, from: time, to: end) {
      case .next(let instant): time = instant
      case .ended(let instant): return instant.sinceStart
      }
    }
  }

  /// How many bytes of a payload have arrived when `elapsed` has gone since the transfer began.
  ///
  /// None until the latency has gone, all when `transferDuration(of:)` has, and in between whole bytes, rounded down.
  package func bytesMoved(of payload: ByteCount, after elapsed: SimulationDuration) -> ByteCount {
    let wire = wireBytes(of: payload)
    return self.payload(
      payload, movedWith: progress(of: payload, after: elapsed).amount.bytes, of: wire)
  }

  /// What of a payload has arrived with so many of the bytes that travel for it.
  package func payload(
    _ payload: ByteCount, movedWith moved: ByteCount, of wire: ByteCount
  ) -> ByteCount {
    if moved >= wire { return payload }
    if wire == payload { return moved }
    return ByteCount(.floorOfProduct(payload.bytes, moved.bytes, dividedBy: wire.bytes))
  }

  /// The bytes that have travelled with so many of a payload's, which are fewer than all.
  package func wireBytes(withPart moved: ByteCount, of payload: ByteCount) -> ByteCount {
    guard tcp != nil || framing != .none, payload > .zero else { return moved }
    return ByteCount(
      .floorOfProduct(wireBytes(of: payload).bytes, moved.bytes, dividedBy: payload.bytes))
  }

  /// What has travelled of a payload's bytes when `elapsed` has gone since the transfer began, and for how long
  /// nothing has been added.
  package func progress(
    of payload: ByteCount, after elapsed: SimulationDuration
  ) -> (amount: FluidAmount, silence: SimulationDuration) {
    guard elapsed > latency else { return (.zero, elapsed) }
    let whole = FluidAmount(wireBytes(of: payload))
    guard var flow = flow(of: payload) else {
      return (min(whole, FluidAmount(of: rate, in: elapsed - latency)), .zero)
    }
    let now = SimulationTime.zero + elapsed
    var (time, moved) = (SimulationTime.zero + latency, FluidAmount.zero)
    while true {
      let piece = flow.next()
      let end = time + piece.amount.duration(at: piece.cap)
      if now < end { return (moved + FluidAmount(of: piece.cap, in: now - time), .zero) }
      moved = moved + piece.amount
      switch flow.served(piece, from: time, to: end) {
      case .next(let instant):
        if now < instant { return (moved, now - end) }
        time = instant
      case .ended: return (moved, now - end)
      }
    }
  }
}

extension FluidAmount {
  /// How long a rate takes for it, rounded up.
  fileprivate func duration(at rate: BitRate) -> SimulationDuration {
    SimulationDuration(
      nanoseconds: Int64(
        clamping: Self.nanoseconds(for: units, each: 1, at: rate.bitsPerSecond)))
  }
}
