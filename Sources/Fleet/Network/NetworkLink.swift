import EventSimulation

/// One direction of the path between a device and the server, without other traffic.
///
/// The first byte of a transfer arrives after the latency. The rest follows at the link's rate in
/// the fluid model, or as TCP sends it. A transfer of zero bytes is a message without payload and
/// takes only the latency.
package struct NetworkLink: Hashable, Codable, Sendable {
  package var rate: BitRate
  package var latency: SimulationDuration
  /// The overhead of a message.
  package var framing = MessageFraming.none
  /// Nil for the fluid model.
  package var tcp: Path?

  /// The parameters of TCP other than the rate.
  package struct Path: Hashable, Codable, Sendable {
    package var settings: TCPSettings
    package var rtt: SimulationDuration
    /// Nil without packet loss.
    var losses: PacketLosses?
  }

  package init(rate: BitRate, latency: SimulationDuration) {
    self.rate = rate
    self.latency = latency
  }

  /// The bytes on the wire for a payload, including framing and, with TCP, packet headers; lost
  /// packets count once.
  package func wireBytes(of payload: ByteCount) -> ByteCount {
    let message = framing.bytes(of: payload)
    return tcp?.settings.wireBytes(of: message) ?? message
  }

  /// The transfer of a payload over TCP; nil for the fluid model, and if there is nothing to send.
  ///
  /// - Parameter peak: the link's peak rate, if its rate changes; defaults to its rate.
  package func flow(of payload: ByteCount, at peak: BitRate? = nil) -> TCPFlow? {
    let wire = wireBytes(of: payload)
    guard let tcp, wire > .zero else { return nil }
    return TCPFlow(
      tcp.settings, of: FluidAmount(wire), rate: peak ?? rate, rtt: tcp.rtt, losses: tcp.losses)
  }

  /// The transfer time of a payload: for the fluid model latency + ceil(8e9 * bytes / rate)
  /// nanoseconds.
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

  /// The bytes of a payload that have arrived `elapsed` after the start of the transfer.
  ///
  /// None before the latency, all at `transferDuration(of:)`, and whole bytes in between, rounded
  /// down.
  package func bytesMoved(of payload: ByteCount, after elapsed: SimulationDuration) -> ByteCount {
    let wire = wireBytes(of: payload)
    return self.payload(
      payload, movedWith: progress(of: payload, after: elapsed).amount.bytes, of: wire)
  }

  /// The part of a payload that has arrived with a given number of bytes on the wire.
  package func payload(
    _ payload: ByteCount, movedWith moved: ByteCount, of wire: ByteCount
  ) -> ByteCount {
    if moved >= wire { return payload }
    if wire == payload { return moved }
    return ByteCount(.floorOfProduct(payload.bytes, moved.bytes, dividedBy: wire.bytes))
  }

  /// The bytes on the wire for a proper part of a payload.
  package func wireBytes(withPart moved: ByteCount, of payload: ByteCount) -> ByteCount {
    guard tcp != nil || framing != .none, payload > .zero else { return moved }
    return ByteCount(
      .floorOfProduct(wireBytes(of: payload).bytes, moved.bytes, dividedBy: payload.bytes))
  }

  /// The amount of a payload on the wire `elapsed` after the start of the transfer, and the time
  /// since it last grew.
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
  /// The time that the amount takes at a rate, rounded up.
  fileprivate func duration(at rate: BitRate) -> SimulationDuration {
    SimulationDuration(
      nanoseconds: Int64(
        clamping: Self.nanoseconds(for: units, each: 1, at: rate.bitsPerSecond)))
  }
}
