import EventSimulation
import Randomness
import Testing

@testable import Fleet

struct TCPFlowTests {
  private func link(
    _ rate: Int, rtt: SimulationDuration, _ settings: TCPSettings = TCPSettings(),
    losses: PacketLosses? = nil
  ) -> NetworkLink {
    var link = NetworkLink(rate: BitRate(rate), latency: rtt)
    link.tcp = NetworkLink.Path(settings: settings, rtt: rtt, losses: losses)
    return link
  }

  private func losses(_ probability: Double, _ number: Int) -> PacketLosses {
    PacketLosses(
      probability: probability, RandomStream(seed: 1, purpose: "test losses", number))
  }

  @Test func `a packet carries 1,448 bytes and 52 of headers`() {
    let settings = TCPSettings()
    #expect(settings.wireBytes(of: .zero) == .zero)
    #expect(settings.wireBytes(of: ByteCount(1)) == ByteCount(53))
    #expect(settings.wireBytes(of: ByteCount(1_448)) == ByteCount(1_500))
    #expect(settings.wireBytes(of: ByteCount(1_449)) == ByteCount(1_553))
    #expect(settings.wireBytes(of: ByteCount(98_304)) == ByteCount(98_304 + 68 * 52))
  }

  /// 98,304 bytes are 68 packets: 10, 20 and 38, the last of which are sent 2 (RTT + tau) after the first.
  @Test func `a small update takes the round trips calculated by hand`() {
    let link = link(12_000_000, rtt: .milliseconds(100))
    // A packet takes a millisecond. The last has 1,288 + 52 bytes; the 37 before it are full.
    let last = SimulationDuration(nanoseconds: 37_000_000 + 893_334)
    #expect(
      link.transferDuration(of: ByteCount(98_304))
        == .milliseconds(100) + .milliseconds(202) + last)
    // Five times the rate saves only a part of that last burst.
    #expect(
      self.link(60_000_000, rtt: .milliseconds(100)).transferDuration(of: ByteCount(98_304))
        > .milliseconds(307))
    #expect(link.transferDuration(of: .zero) == .milliseconds(100))
  }

  @Test(arguments: 0..<200)
  func `alone on its link a transfer matches the formula, to the nanosecond`(number: Int) {
    var stream = RandomStream(seed: 5, purpose: "tcp", number)
    let rate = 100_000 + stream.integer(below: 400_000_000)
    let rtt = SimulationDuration(nanoseconds: Int64(1 + stream.integer(below: 100_000_000)))
    let bytes = ByteCount(1 + stream.integer(below: 1 << (4 + stream.integer(below: 18))))
    var settings = TCPSettings(initialWindow: 1 + stream.integer(below: 20))
    settings.window = ByteCount(1_000_000_000)
    let link = link(rate, rtt: rtt, settings)
    // h RTT + k (RTT + tau) + (B' - 1500 IW (2^k - 1)) 8 / c, k the least whose burst covers the rest or lasts RTT.
    let (wire, tau) = (
      settings.wireBytes(of: bytes).bytes, link.rate.duration(of: ByteCount(1_500))
    )
    var (time, rest, burst) = (rtt, wire, 1_500 * settings.initialWindow)
    while burst < rest, link.rate.duration(of: ByteCount(burst)) < rtt {
      time += rtt + tau
      rest -= burst
      burst *= 2
    }
    // A burst that lasts RTT and the rest are two segments, each of which ends at an integer nanosecond.
    let (part, last) = (min(burst, rest), max(0, rest - burst))
    #expect(
      link.transferDuration(of: bytes) == time + link.rate.duration(of: ByteCount(part))
        + link.rate.duration(of: ByteCount(last)))
  }

  @Test
  func `buffers below a bandwidth-delay product limit the rate to one window per round trip`() {
    let settings = TCPSettings(window: ByteCount(100_000))
    let link = link(1_000_000_000, rtt: .milliseconds(100), settings)
    let bytes = ByteCount(50_000_000)
    let seconds = link.transferDuration(of: bytes).seconds
    #expect(abs(seconds / 50 - 1) < 0.01)
    // With a large enough window, the link is full except for the first round trips.
    let wide = self.link(100_000_000, rtt: .milliseconds(100)).transferDuration(of: bytes)
    #expect(abs(wide.seconds / (50_000_000 * 1_500 / 1_448 * 8 / 1e8) - 1) < 0.2)
  }

  @Test(arguments: 0..<60)
  func `the received bytes grow, and are complete only at the end`(number: Int) {
    var stream = RandomStream(seed: 6, purpose: "tcp", number)
    let link = link(
      1_000_000 + stream.integer(below: 100_000_000),
      rtt: SimulationDuration(nanoseconds: Int64(1 + stream.integer(below: 100_000_000))),
      losses: number % 3 == 0 ? nil : losses(number % 3 == 1 ? 0.001 : 0.05, number))
    let bytes = ByteCount(1 + stream.integer(below: 1_000_000))
    let duration = link.transferDuration(of: bytes)
    var last = ByteCount.zero
    for step in 0...200 {
      let elapsed = SimulationDuration(nanoseconds: duration.nanoseconds * Int64(step) / 200)
      let moved = link.bytesMoved(of: bytes, after: elapsed)
      #expect(moved >= last && (moved < bytes || step > 100))
      let progress = link.progress(of: bytes, after: elapsed)
      let before = link.progress(of: bytes, after: elapsed - progress.silence)
      #expect(
        progress.amount == before.amount && before.silence == .zero || elapsed <= link.latency)
      last = moved
    }
    #expect(last == bytes)
    if number % 3 == 0 {
      let before = duration - SimulationDuration(nanoseconds: 1)
      #expect(link.bytesMoved(of: bytes, after: before) < bytes)
    }
  }

  @Test func `an interrupted transfer restarts with the initial window`() {
    let link = link(12_000_000, rtt: .milliseconds(100))
    var flow = link.flow(of: ByteCount(98_304))!
    let first = flow.next()
    #expect(first.amount == FluidAmount(ByteCount(15_000)) && first.cap == link.rate)
    let start = SimulationTime.zero
    #expect(
      flow.served(first, from: start, to: start + .milliseconds(10))
        == .next(start + .milliseconds(101)))
    #expect(flow.next().amount == FluidAmount(ByteCount(30_000)))
    flow.interrupt(after: FluidAmount(ByteCount(5_000)))
    #expect(flow.next().amount == FluidAmount(ByteCount(15_000)))
    #expect(flow.rest == FluidAmount(ByteCount(98_304 + 68 * 52 - 20_000)))
  }

  @Test
  func `packet loss slows transfers down reproducibly, and no loss does not`() {
    let bytes = ByteCount(2_000_000)
    func mean(_ probability: Double) -> Double {
      (0..<200).reduce(0.0) { sum, number in
        sum
          + link(
            50_000_000, rtt: .milliseconds(40), losses: losses(probability, number)
          ).transferDuration(of: bytes).seconds / 200
      }
    }
    let clean = link(50_000_000, rtt: .milliseconds(40)).transferDuration(of: bytes).seconds
    let means = [1e-9, 1e-4, 1e-3, 1e-2, 5e-2].map(mean)
    #expect(abs(means[0] - clean) < 1e-9)
    #expect(zip(means, means.dropFirst()).allSatisfy { $0 < $1 })
    #expect(mean(1e-2) == means[3])
  }

  @Test func `framing is included in the transmitted bytes`() {
    var link = NetworkLink(rate: BitRate(8_000), latency: .zero)
    link.framing = MessageFraming(perMessage: ByteCount(100), share: 0.25)
    #expect(link.wireBytes(of: ByteCount(1_000)) == ByteCount(1_350))
    #expect(link.transferDuration(of: ByteCount(1_000)) == .milliseconds(1_350))
    #expect(link.bytesMoved(of: ByteCount(1_000), after: .milliseconds(675)) == ByteCount(500))
    #expect(link.transferDuration(of: .zero) == .milliseconds(100))
  }

  @Test func `uploads may have different framing than downloads`() throws {
    let profile = try Samples.profile(of: Samples.budget)
    func wire(_ framing: MessageFraming) -> [Int] {
      let links = Connection(handshakes: 1, framing: framing, seed: 1).links(of: profile, task: 0)
      return [links.download, links.upload].map { $0.wireBytes(of: ByteCount(1_000)).bytes }
    }
    #expect(wire(MessageFraming(perMessage: ByteCount(100))) == [1_100, 1_100])
    let uneven = MessageFraming(perMessage: ByteCount(100), perUpload: ByteCount(7), share: 0.5)
    #expect(wire(uneven) == [1_600, 1_507])
  }
}
