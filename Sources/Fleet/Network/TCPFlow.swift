import EventSimulation

/// One transfer over TCP, as pieces that a max-min link serves one after the other.
///
/// The sender puts a window of w packets on its way, hears of their arrival a round trip later, and then sends twice
/// as many: slow start (RFC 5681), from the initial window of RFC 6928. Each window is a burst at the link's rate, so
/// the pieces are
///
///     min(w, W, rest) packets from t0 to t1; the next at t0 + RTT + tau with 2 w,
///
/// tau being the time of a packet on the link. A burst that takes a round trip or longer has filled the link, and all
/// the rest is one piece. Where the buffers' window W is less than a bandwidth-delay product, the rest goes at
/// W / RTT. Packet loss, where there is some, is `TCPRecovery`'s.
package struct TCPFlow: Hashable, Codable, Sendable {
  /// What the link serves without a pause.
  package struct Piece: Hashable, Codable, Sendable {
    package let amount: FluidAmount
    package let cap: BitRate
  }

  /// What follows a piece.
  package enum Continuation: Hashable, Sendable {
    /// Another piece, not before an instant.
    case next(SimulationTime)
    /// The receiver has everything at an instant.
    case ended(SimulationTime)
  }

  private enum Stage: Hashable, Codable, Sendable {
    case slowStart
    /// All the rest at this rate.
    case steady(BitRate)
    /// A part whose losses have been worked out, the last one or not.
    case recovery(amount: FluidAmount, rate: BitRate)
    case tail(amount: FluidAmount, rate: BitRate, earliestEnd: SimulationTime)
  }

  let settings: TCPSettings
  let rate: BitRate
  let rtt: SimulationDuration
  /// What the receiver does not have yet, headers included.
  private(set) var rest: FluidAmount
  /// Packets.
  private var window: Int
  private var stage = Stage.slowStart
  /// Nil where no packet is lost.
  private var recovery: TCPRecovery?

  /// - Parameters:
  ///   - amount: what is sent, headers included.
  ///   - rate: that of the device's own link.
  ///   - losses: where the lost packets are drawn from; nil where there are none.
  init(
    _ settings: TCPSettings, of amount: FluidAmount, rate: BitRate, rtt: SimulationDuration,
    losses: PacketLosses? = nil
  ) {
    self.settings = settings
    self.rate = rate
    self.rtt = rtt
    rest = amount
    window = settings.initialWindow
    recovery = losses.map {
      TCPRecovery(
        TCPRecovery.Path(settings, rate, rtt), $0, total: amount.packets(of: settings.packet))
    }
  }

  /// Whether the receiver has everything as soon as the link has served the last piece.
  package var endsWithItsLastPiece: Bool { recovery == nil }

  /// Its weight among the flows of a shared link: 1, or the largest for a round trip of at most a millisecond and for
  /// a longer one less in proportion.
  package var weight: Int {
    switch settings.sharing {
    case .equal: 1
    case .inverseRTT:
      min(
        FlowCap.mostWeight,
        max(1, FlowCap.mostWeight * 1_000_000 / Int(max(1, rtt.nanoseconds))))
    }
  }

  private var packet: FluidAmount { FluidAmount(settings.packet) }

  /// The most that may be on its way, headers included.
  private var largestWindow: FluidAmount {
    max(FluidAmount(settings.wireBytes(of: settings.window)), packet * settings.initialWindow)
  }

  /// The piece that begins now.
  package mutating func next() -> Piece {
    switch stage {
    case .slowStart:
      let burst = min(packet * window, largestWindow)
      if burst == largestWindow, rest > burst * 4, burst < FluidAmount(of: rate, in: rtt) {
        let rate = burst.rate(over: rtt)
        stage = .steady(rate)
        return Piece(amount: untilLoss(rest), cap: rate)
      }
      return Piece(amount: untilLoss(min(burst, rest)), cap: rate)
    case .steady(let rate): return Piece(amount: untilLoss(rest), cap: rate)
    case .recovery(let amount, let rate), .tail(let amount, let rate, _):
      return Piece(amount: amount, cap: rate)
    }
  }

  /// What of an amount arrives up to the next packet that is lost.
  private func untilLoss(_ amount: FluidAmount) -> FluidAmount {
    guard let loss = recovery?.packetsToLoss else { return amount }
    return min(amount, FluidAmount(packets: loss, of: settings.packet))
  }

  /// Takes note that a piece was served.
  package mutating func served(
    _ piece: Piece, from start: SimulationTime, to end: SimulationTime
  ) -> Continuation {
    rest = max(.zero, rest - piece.amount)
    switch stage {
    case .slowStart, .steady:
      if stage == .slowStart { recovery?.sends(burst: Double(window)) }
      if recovery?.loses(piece.packets(settings)) == true {
        recovery!.meet(
          piece.packets(settings), window: Double(window), isSteady: stage != .slowStart)
        return recover(at: end)
      }
    case .recovery: return rest == .zero ? .ended(end) : recover(at: end)
    case .tail(_, _, let earliest): return .ended(recovery!.ending(max(end, earliest)))
    }
    if rest == .zero { return .ended(end) }
    guard stage == .slowStart else { return .next(end) }
    if end - start >= rtt {
      stage = .steady(rate)
      return .next(end)
    }
    if packet * window < largestWindow { window *= 2 }
    return .next(max(end, start + rtt + rate.duration(of: settings.packet)))
  }

  /// A packet that would have arrived at an instant is lost.
  private mutating func recover(at time: SimulationTime) -> Continuation {
    let packets = rest.packets(of: settings.packet)
    let part = recovery!.afterLoss(rest: packets)
    let cap = min(rate, BitRate(packetsPerSecond: part.rate, of: settings.packet))
    if let wait = part.wait {
      stage = .tail(amount: rest, rate: cap, earliestEnd: time + wait)
    } else {
      let isAll = part.packets > packets - 1e-6
      let amount = isAll ? rest : FluidAmount(packets: part.packets, of: settings.packet)
      stage = .recovery(amount: amount, rate: cap)
    }
    return .next(time)
  }

  /// Takes note that the device was offline in the middle of a piece, of which so much was served: it starts anew
  /// with the initial window.
  package mutating func interrupt(after served: FluidAmount) {
    rest = max(.zero, rest - served)
    window = settings.initialWindow
    stage = .slowStart
    recovery?.startAnew(after: served.packets(of: settings.packet))
  }
}

extension TCPFlow.Piece {
  fileprivate func packets(_ settings: TCPSettings) -> Double {
    amount.packets(of: settings.packet)
  }
}

extension FluidAmount {
  /// How many packets of a size it is.
  func packets(of size: ByteCount) -> Double {
    // In two halves, since a conversion of 128 bits is slow.
    let (high, low) = (Int64(truncatingIfNeeded: units >> 64), UInt64(truncatingIfNeeded: units))
    let whole = Double(high) * 0x1p64 + Double(low)
    return whole / Double(Int64(FluidAmount(size).units))
  }

  init(packets: Double, of size: ByteCount) {
    let (whole, unit) = (packets.rounded(.down), Int64(FluidAmount(size).units))
    units =
      Int128(Int64(whole)) * Int128(unit)
      + Int128(Int64(((packets - whole) * Double(unit)).rounded()))
  }

  static func * (amount: Self, count: Int) -> Self { Self(units: amount.units * Int128(count)) }

  /// The rate that carries it in a time, rounded down; at least one bit per second.
  func rate(over duration: SimulationDuration) -> BitRate {
    let perNanosecond = units.quotient(by: Int128(max(1, duration.nanoseconds)))
    return BitRate(max(1, Int(clamping: perNanosecond >> 8)))
  }
}

extension BitRate {
  fileprivate init(packetsPerSecond rate: Double, of size: ByteCount) {
    self.init(Int(min(max(1, rate * Double(8 * size.bytes)), 1e18)))
  }
}
