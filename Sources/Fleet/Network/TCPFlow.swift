import EventSimulation

/// A transfer over TCP, as pieces that a max-min fair link serves in sequence.
///
/// The sender transmits a window of w packets, receives the acknowledgements a round trip later,
/// and then doubles the window: slow start (RFC 5681), from the initial window of RFC 6928. Each
/// window is a burst at the link's rate, so the pieces are
///
///     min(w, W, rest) packets from t0 to t1; the next at t0 + RTT + tau with 2 w,
///
/// where tau is the time of a packet on the link. A burst that takes a round trip or longer has
/// filled the link, and the rest is a single piece. If the buffers' window W is less than a
/// bandwidth-delay product, the rest is sent at W / RTT. `TCPRecovery` models packet loss.
package struct TCPFlow: Hashable, Codable, Sendable {
  /// A part that the link serves without a pause.
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
    /// The entire rest at this rate.
    case steady(BitRate)
    /// A part whose losses have been computed, whether or not it is the last.
    case recovery(amount: FluidAmount, rate: BitRate)
    case tail(amount: FluidAmount, rate: BitRate, earliestEnd: SimulationTime)
  }

  let settings: TCPSettings
  let rate: BitRate
  let rtt: SimulationDuration
  /// The amount that the receiver does not have yet, including headers.
  private(set) var rest: FluidAmount
  /// In packets.
  private var window: Int
  private var stage = Stage.slowStart
  /// Nil without packet loss.
  private var recovery: TCPRecovery?

  /// - Parameters:
  ///   - amount: the amount to send, including headers.
  ///   - rate: the rate of the device's own link.
  ///   - losses: the source of lost packets; nil without packet loss.
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

  /// The weight among the flows of a shared link: 1 if shares are equal; otherwise the maximum for
  /// a round trip of at most a millisecond, and inversely proportional to longer ones.
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

  /// The maximum amount in flight, including headers.
  private var largestWindow: FluidAmount {
    max(FluidAmount(settings.wireBytes(of: settings.window)), packet * settings.initialWindow)
  }

  /// Starts the next piece.
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

  /// The part of an amount up to the next lost packet.
  private func untilLoss(_ amount: FluidAmount) -> FluidAmount {
    guard let loss = recovery?.packetsToLoss else { return amount }
    return min(amount, FluidAmount(packets: loss, of: settings.packet))
  }

  /// Records that a piece was served.
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

  /// Handles the loss of a packet that would have arrived at an instant.
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

  /// Records that the device went offline in the middle of a piece after a given amount was served:
  /// the transfer restarts with the initial window.
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
  /// The amount in packets of a given size.
  func packets(of size: ByteCount) -> Double {
    // In two halves, since converting 128 bits is slow.
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

  /// The rate that carries the amount in a time, rounded down; at least one bit per second.
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
