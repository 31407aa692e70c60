import Configuration
import EventSimulation
import Foundation
import Testing

@testable import Fleet

struct QuantityTests {
  @Test func `the duration of a transfer is rounded up to a nanosecond`() {
    #expect(BitRate(8_000_000_000).duration(of: ByteCount(5)) == .init(nanoseconds: 5))
    #expect(BitRate(3).duration(of: ByteCount(1)) == .init(nanoseconds: 2_666_666_667))
    #expect(BitRate(16_000_000_000).duration(of: ByteCount(1)) == .init(nanoseconds: 1))
    #expect(BitRate(1).duration(of: .zero) == .zero)
    // 98,304 bytes, the payload of rank 2 on ViT-B/32, at 15 Mbps: 52.4288 ms.
    let payload = ByteCount(98_304)
    #expect(BitRate(15_000_000).duration(of: payload) == .init(nanoseconds: 52_428_800))
  }

  @Test func `the duration of a computation is rounded up to a nanosecond`() {
    #expect(ComputeRate(3).duration(of: FLOPCount(1)) == .init(nanoseconds: 333_333_334))
    #expect(ComputeRate(60_000_000_000).duration(of: FLOPCount(60)) == .init(nanoseconds: 1))
    #expect(ComputeRate(60_000_000_000).duration(of: FLOPCount(61)) == .init(nanoseconds: 2))
  }

  @Test func `durations above 292 years never end`() {
    #expect(BitRate(1).duration(of: ByteCount(.max)) == .unbounded)
    #expect(ComputeRate(1).duration(of: FLOPCount(.max)) == .unbounded)
    #expect(ByteCount(.max) + ByteCount(1) == ByteCount(.max))
    #expect(FLOPCount(.max) + FLOPCount(.max) == FLOPCount(.max))
    #expect(BitRate(.max).bytes(in: .unbounded) == ByteCount(.max))
  }

  @Test(arguments: [1, 7, 1_000_003, 15_000_000, 8_000_000_001, Int.max])
  func `the last byte arrives exactly at the end of the duration`(rate: Int) {
    let link = BitRate(rate)
    for count in [1, 2, 999, 98_304, 605_109_252] {
      let bytes = ByteCount(count)
      let duration = link.duration(of: bytes)
      #expect(link.bytes(in: duration) >= bytes)
      #expect(link.bytes(in: duration - SimulationDuration(nanoseconds: 1)) < bytes)
    }
  }

  @Test func `quantities are shown with a suitable unit`() {
    #expect("\(ByteCount(0))" == "0 B")
    #expect("\(ByteCount(999))" == "999 B")
    #expect("\(ByteCount(98_304))" == "98.3 kB")
    #expect("\(ByteCount(999_949))" == "999.9 kB")
    #expect("\(ByteCount(999_950))" == "1.0 MB")
    #expect("\(ByteCount(1_234_000_000))" == "1.2 GB")
    #expect("\(ByteCount(.max))" == "9223372.0 TB")
    #expect("\(BitRate(14_800_000))" == "14.8 Mbps")
    #expect("\(ComputeRate(60_000_000_000))" == "60.0 GFLOPS")
    #expect("\(FLOPCount(3_500_000_000_000_000))" == "3.5 PFLOP")
    #expect("\(SimulationDuration.milliseconds(24))" == "24.0 ms")
    #expect("\(SimulationDuration.seconds(90))" == "1.5 min")
    #expect("\(SimulationDuration.seconds(129_600))" == "1.5 days")
  }

  @Test func `a magnitude out of range gives no quantity`() {
    #expect(ByteCount(magnitude: -1) == nil)
    #expect(ByteCount(magnitude: 1e19) == nil)
    #expect(ByteCount(magnitude: .nan) == nil)
    #expect(ByteCount(magnitude: 0) == .zero)
    #expect(BitRate(magnitude: 0) == nil, "a link without a rate would never end a transfer")
    #expect(ComputeRate(magnitude: 0.4) == nil)
    #expect(SimulationDuration(magnitude: -1) == nil)
    #expect(SimulationDuration(magnitude: 0.1 * 1e9) == .milliseconds(100))
  }

  @Test func `the example of each quantity is valid`() throws {
    try checkExample(ByteCount.self, is: ByteCount(8_000_000_000))
    try checkExample(BitRate.self, is: BitRate(15_000_000))
    try checkExample(ComputeRate.self, is: ComputeRate(60_000_000_000))
    try checkExample(FLOPCount.self, is: FLOPCount(30_000_000_000))
    try checkExample(SimulationDuration.self, is: .milliseconds(24))
  }

  private func checkExample<Q: WholeQuantity>(_: Q.Type, is expected: Q) throws {
    let words = Q.example.split(separator: " ")
    let unit = try #require(Q.units.first { $0.key == words[1] }?.value)
    #expect(Q(magnitude: try #require(Double(words[0])) * unit) == expected)
    #expect(Q.displayUnits.first?.baseUnits == 1)
  }

  @Test func `quantities are saved as integers in base units`() throws {
    let rates = [BitRate(1), BitRate(15_000_000)]
    let written = try JSONEncoder().encode(rates)
    #expect(String(decoding: written, as: UTF8.self) == "[1,15000000]")
    #expect(try JSONDecoder().decode([BitRate].self, from: written) == rates)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([BitRate].self, from: Data("[0]".utf8))
    }
  }
}
