import EventSimulation
import Randomness
import Testing

@testable import Fleet

struct BandwidthProfileTests {
  private static func profile(
    _ steps: [(Int64, Int)], period: Int64, unit: Int64 = 1_000_000_000
  ) -> BandwidthProfile {
    BandwidthProfile(
      steps.map { (SimulationDuration(nanoseconds: $0.0 * unit), $0.1) },
      period: SimulationDuration(nanoseconds: period * unit))
  }

  /// 8 bit/s for 2 s, nothing for 3 s, 16 bit/s for 5 s: 96 bits a cycle.
  private static let steps = profile([(0, 8), (2, 0), (5, 16)], period: 10)

  /// Seconds and bytes; a byte is 8 bits.
  @Test(arguments: [
    (0, 1, 1.0), (0, 2, 2), (0, 3, 5.5), (0, 12, 10), (0, 13, 11), (1, 1, 2), (1, 2, 5.5),
    (3, 1, 5.5), (5, 10, 10), (5, 11, 11), (5, 12, 12), (5, 13, 15.5), (9.5, 1, 10),
    (0, 12_000, 10_000), (0, 12_001, 10_001), (4, 12_000, 10_002), (17, 1, 17.5),
  ])
  func `a transfer ends when the rates that follow have carried it, over any number of cycles`(
    start: Double, bytes: Int, end: Double
  ) {
    let link = DeviceBandwidth(Self.steps, offset: .zero)
    #expect(
      link.end(of: FluidAmount(ByteCount(bytes)), from: time(start), limit: BitRate(1_000))
        == time(end))
    #expect(
      link.carried(from: time(start), to: time(end), limit: BitRate(1_000)).bytes
        >= ByteCount(bytes))
  }

  /// At no more than 4 bit/s: 8 bits in the first 2 s and 20 in the last 5.
  @Test(arguments: [(0, 1, 2.0), (0, 2, 7), (0, 7, 20), (6, 4, 17), (0, 700, 2_000)])
  func `a limit holds where the rate is above it`(start: Double, bytes: Int, end: Double) {
    let link = DeviceBandwidth(Self.steps, offset: .zero)
    #expect(
      link.end(of: FluidAmount(ByteCount(bytes)), from: time(start), limit: BitRate(4))
        == time(end))
  }

  private func time(_ seconds: Double) -> SimulationTime {
    SimulationTime(nanoseconds: Int64(seconds * 1e9))
  }

  @Test func `a device is where its offset and the time say`() {
    let link = DeviceBandwidth(Self.steps, offset: .seconds(4))
    #expect([0, 1, 5, 6, 7.5, 11, 16].map { link.rate(at: time($0)) } == [0, 16, 16, 8, 8, 16, 8])
    #expect(link.change(after: time(0)) == time(1))
    #expect(link.change(after: time(1)) == time(6))
    #expect(link.change(after: time(6.25)) == time(8))
  }

  @Test func `a rate that goes on into the next cycle does not change`() {
    let link = DeviceBandwidth(Self.profile([(0, 8), (2, 4), (5, 8)], period: 10), offset: .zero)
    #expect(link.change(after: time(5)) == time(12))
    let constant = DeviceBandwidth(Self.profile([(0, 8), (3, 8)], period: 10), offset: .zero)
    #expect(constant.profile.isConstant && constant.change(after: .zero) == nil)
    #expect(Self.steps.mean == BitRate(9) && Self.steps.peak == BitRate(16))
  }

  /// The same by going through the rates one by one.
  private struct NaiveLink {
    let steps: [(start: Int64, rate: Int)]
    let period: Int64

    func stretch(at time: Int64) -> (rate: Int, end: Int64) {
      let (lap, place) = time.quotientAndRemainder(dividingBy: period)
      let index = steps.lastIndex { $0.start <= place }!
      let end = index + 1 < steps.count ? steps[index + 1].start : period
      return (steps[index].rate, lap * period + end)
    }

    func carried(from start: Int64, to end: Int64, limit: Int) -> Int128 {
      var (now, sum) = (start, Int128(0))
      while now < end {
        let stretch = stretch(at: now)
        sum += Int128(min(stretch.rate, limit)) * Int128(min(stretch.end, end) - now) * 256
        now = stretch.end
      }
      return sum
    }

    func end(of amount: Int128, from start: Int64, limit: Int) -> Int64 {
      var (now, rest) = (start, amount)
      while rest > 0 {
        let stretch = stretch(at: now)
        let rate = 256 * Int128(min(stretch.rate, limit))
        if rate * Int128(stretch.end - now) >= rest {
          return now + Int64((rest + rate - 1) / rate)
        }
        rest -= rate * Int128(stretch.end - now)
        now = stretch.end
      }
      return now
    }
  }

  @Test(arguments: 0..<400)
  func `it agrees with its naive twin to the last unit`(number: Int) {
    var stream = RandomStream(seed: 21, purpose: "profiles", number)
    var (steps, start) = ([(start: Int64, rate: Int)](), Int64(0))
    for _ in 0...stream.integer(below: 8) {
      steps.append((start, stream.integer(below: 3) == 0 ? 0 : stream.integer(below: 5_000)))
      start += 1 + Int64(stream.integer(below: 2_000_000_000))
    }
    steps[stream.integer(below: steps.count)].rate += 1
    let period = start
    let naive = NaiveLink(steps: steps, period: period)
    let profile = BandwidthProfile(
      steps.map { (SimulationDuration(nanoseconds: $0.start), $0.rate) },
      period: SimulationDuration(nanoseconds: period))
    let offset = Int64(stream.integer(below: Int(period)))
    let link = DeviceBandwidth(profile, offset: SimulationDuration(nanoseconds: offset))
    for _ in 0..<50 {
      let from = Int64(stream.integer(below: Int(3 * period)))
      let span = Int64(stream.integer(below: Int(4 * period)))
      let limit =
        stream.integer(below: 2) == 0 ? 1_000_000 : 1 + stream.integer(below: 5_000)
      let (first, last) = (
        SimulationTime(nanoseconds: from), SimulationTime(nanoseconds: from + span)
      )
      let carried = link.carried(from: first, to: last, limit: BitRate(limit))
      #expect(
        carried.units == naive.carried(from: from + offset, to: from + offset + span, limit: limit))
      // A slow one takes as long as the twin has patience for.
      let rate = naive.carried(from: 0, to: period, limit: limit) / Int128(period)
      let amount = FluidAmount(
        units: Int128(stream.integer(below: 40)) * rate * Int128(period) / 10
          + Int128(stream.integer(below: 1_000)))
      let end = link.end(of: amount, from: first, limit: BitRate(limit))
      #expect(
        end.nanoseconds + offset
          == naive.end(of: amount.units, from: from + offset, limit: limit))
      #expect(link.carried(from: first, to: end, limit: BitRate(limit)) >= amount)
      if end > first {
        let before = SimulationTime(nanoseconds: end.nanoseconds - 1)
        #expect(link.carried(from: first, to: before, limit: BitRate(limit)) < amount)
      }
    }
  }

  @Test func `a cycle of a second is as exact after a hundred years`() {
    let link = DeviceBandwidth(Self.profile([(0, 7), (1, 0)], period: 3), offset: .zero)
    let years = SimulationTime(nanoseconds: 3_153_600_000_000_000_000)
    #expect(
      link.end(of: FluidAmount(ByteCount(7)), from: years, limit: BitRate(7))
        == years + .seconds(3 * 7 + 1))
    #expect(
      link.end(of: FluidAmount(ByteCount(.max)), from: .zero, limit: BitRate(7)) == .distantFuture)
  }
}
