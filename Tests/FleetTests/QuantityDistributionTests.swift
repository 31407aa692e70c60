import EventSimulation
import Foundation
import Randomness
import Testing

@testable import Fleet

struct QuantityDistributionTests {
  private func draws<Q>(_ distribution: QuantityDistribution<Q>, _ count: Int = 20_000) -> [Q] {
    (0..<count).map { distribution.draw(from: RandomStream(seed: 6, purpose: "draw", $0)) }
  }

  @Test(arguments: [0, 0.5, 0.93])
  func `lognormal draws have the given median and sigma`(sigma: Double) {
    let median = 20_000_000_000.0
    let values = draws(.lognormal(median: ComputeRate(Int(median)), sigma: sigma))
      .map { log(Double($0.operationsPerSecond) / median) }.sorted()
    // The standard error of a sample median is 1.2533 sigma / sqrt(n); of a 95 % point 2.11.
    #expect(abs(values[10_000]) <= 4 * 1.2533 * sigma / 20_000.0.squareRoot())
    #expect(abs(values[19_000] - 1.6449 * sigma) <= 4 * 2.11 * sigma / 20_000.0.squareRoot())
  }

  @Test func `uniform draws are evenly distributed between their bounds`() {
    let values = draws(.uniform(low: ByteCount(2_000), high: ByteCount(8_000))).map(\.bytes)
    #expect(values.allSatisfy { (2_000...8_000).contains($0) })
    for quarter in 0..<4 {
      let low = 2_000 + 1_500 * quarter
      let part = Double(values.count { $0 >= low && $0 < low + 1_500 }) / 20_000
      #expect(abs(part - 0.25) < 0.015)
    }
  }

  @Test func `a fixed value is returned unchanged`() {
    #expect(draws(.fixed(ByteCount(7)), 3) == [ByteCount(7), ByteCount(7), ByteCount(7)])
  }

  @Test func `draws stay within the type's range`() {
    let values = draws(.lognormal(median: BitRate(2), sigma: 400), 200)
    #expect(values.contains(BitRate(1)))
    #expect(values.contains(BitRate(.max)))
  }

  @Test(arguments: [
    (QuantityDistribution<SimulationDuration>.fixed(.milliseconds(24)), "24000000"),
    (
      .lognormal(median: .milliseconds(24), sigma: 0.5),
      #"{"lognormal":{"median":24000000,"sigma":0.5}}"#
    ),
    (
      .uniform(low: .milliseconds(1), high: .milliseconds(2)),
      #"{"uniform":{"high":2000000,"low":1000000}}"#
    ),
  ])
  func `distributions are preserved when saved and loaded`(
    distribution: QuantityDistribution<SimulationDuration>, text: String
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let written = try encoder.encode(distribution)
    #expect(String(decoding: written, as: UTF8.self) == text)
    #expect(
      try JSONDecoder().decode(QuantityDistribution<SimulationDuration>.self, from: written)
        == distribution)
  }

  @Test(arguments: [
    #"{"lognormal":{"median":24,"sigma":-1}}"#, #"{"uniform":{"low":3,"high":2}}"#, #"{}"#, "0",
  ])
  func `invalid distributions are rejected`(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(QuantityDistribution<BitRate>.self, from: Data(text.utf8))
    }
  }
}
