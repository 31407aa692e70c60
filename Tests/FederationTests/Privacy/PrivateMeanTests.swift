import Foundation
import Randomness
import Testing

@testable import Federation

struct PrivateMeanTests {
  private static func norm(_ numbers: [Float]) -> Double {
    numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  @Test func `an update above the norm is clipped, and others are unchanged`() {
    let mean = PrivateMean(clippingNorm: 5, noiseMultiplier: 1, expectedCohort: 2, seed: 1)
    #expect(mean.clipped([3, 4]) == [3, 4])
    #expect(mean.clipped([0.5, -0.25]) == [0.5, -0.25])
    #expect(mean.clipped([-30, 40]) == [-3, 4])
    #expect(mean.clipped([3.75, -5]) == [3, -4])
  }

  @Test func `rounding never makes an update exceed the norm`() {
    let mean = PrivateMean(clippingNorm: 0.7, noiseMultiplier: 1, expectedCohort: 2, seed: 1)
    var random = RandomStream(seed: 2, purpose: "updates")
    for _ in 0..<500 {
      let clipped = mean.clipped((0..<20).map { _ in Float(random.normal()) })
      #expect(Self.norm(clipped) <= 0.7)
      #expect(Self.norm(clipped) > 0.6999)
    }
  }

  @Test func `the divisor is the expected cohort, whatever the actual updates and weights`() {
    let privacy = PrivateMean(clippingNorm: 5, noiseMultiplier: 0, expectedCohort: 4, seed: 1)
    var strategy = AggregationStrategy(privacy: privacy)
    strategy.accumulate([30, 40], weight: 1_000)
    strategy.accumulate([1, 0], weight: 1)
    #expect(strategy.finish([0, 0]) == [1, 1])
    #expect(strategy.finish([0, 0]) == [0, 0])
  }

  @Test func `noise has the deviation z S over q N, even without updates`() {
    for isEmpty in [false, true] {
      var mean = PrivateMean(clippingNorm: 2, noiseMultiplier: 3, expectedCohort: 4, seed: 7)
      #expect(mean.noiseDeviation == 1.5)
      if !isEmpty { mean.add([Float](repeating: 0, count: 20_000)) }
      let noise = mean.take(count: 20_000).map(Double.init)
      let average = noise.reduce(0, +) / 20_000
      let variance = noise.reduce(0) { $0 + $1 * $1 } / 20_000
      // Five deviations: of the mean 1.5 / sqrt(n), of the variance sqrt(2 / n) relative to it.
      #expect(abs(average) < 5 * 1.5 / 20_000.0.squareRoot())
      #expect(abs(variance / 2.25 - 1) < 5 * (2 / 20_000.0).squareRoot())
    }
  }

  @Test func `each round has its own noise, reproducible after a restart`() throws {
    let privacy = PrivateMean(clippingNorm: 2, noiseMultiplier: 1, expectedCohort: 4, seed: 7)
    var strategy = AggregationStrategy(privacy: privacy)
    let first = strategy.finish([0, 0, 0])
    var copy = try JSONDecoder().decode(
      AggregationStrategy.self, from: JSONEncoder().encode(strategy))
    let second = strategy.finish([0, 0, 0])
    #expect(first != second)
    #expect(copy.finish([0, 0, 0]) == second)
  }

  @Test func `replacing a client changes the sum by at most twice the norm`() {
    let mean = PrivateMean(clippingNorm: 2, noiseMultiplier: 3, expectedCohort: 4, seed: 7)
    #expect(
      mean.mechanism(.poisson, rate: 0.1)
        == SampledGaussian(sampling: .poisson, rate: 0.1, noiseMultiplier: 3))
    #expect(mean.mechanism(.withoutReplacement, rate: 0.1).noiseMultiplier == 1.5)
  }
}
