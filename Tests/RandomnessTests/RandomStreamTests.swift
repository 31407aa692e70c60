import Foundation
import Testing

@testable import Randomness

struct RandomStreamTests {
  /// Known answers published with the Random123 library for philox4x32-10.
  @Test(arguments: [
    (
      counter: (high: UInt64(0), low: UInt64(0)), key: UInt64(0),
      block: (UInt64(0xe169_c58d_6627_e8d5), UInt64(0x9b00_dbd8_bc57_ac4c))
    ),
    (
      counter: (high: UInt64.max, low: UInt64.max), key: UInt64.max,
      block: (UInt64(0x41c8_3b0e_408f_276d), UInt64(0x6d54_51fd_a20b_c7c6))
    ),
    (
      counter: (high: UInt64(0x0370_7344_1319_8a2e), low: UInt64(0x85a3_08d3_243f_6a88)),
      key: UInt64(0x299f_31d0_a409_3822),
      block: (UInt64(0x94fd_cceb_d16c_fe09), UInt64(0x2412_6ea1_5001_e420))
    ),
  ])
  func `the generator matches published Philox values`(
    counter: (high: UInt64, low: UInt64), key: UInt64, block: (UInt64, UInt64)
  ) {
    #expect(RandomStream.philox(counter: counter, key: key) == block)
  }

  @Test func `streams differ by seed, purpose, ids and the order of the ids`() {
    var streams = [
      RandomStream(seed: 1, purpose: "cohort", 3, 4),
      RandomStream(seed: 2, purpose: "cohort", 3, 4),
      RandomStream(seed: 1, purpose: "dropout", 3, 4),
      RandomStream(seed: 1, purpose: "cohort", 4, 3),
      RandomStream(seed: 1, purpose: "cohort", 3),
      RandomStream(seed: 1, purpose: "cohort"),
    ]
    let first = streams.indices.map { streams[$0].next() }
    #expect(Set(first).count == streams.count)
  }

  @Test func `a saved stream continues where it stopped`() throws {
    var stream = RandomStream(seed: 9, purpose: "batches", 1)
    for _ in 0..<7 { _ = stream.next() }
    let written = try JSONEncoder().encode(stream)
    var copy = try JSONDecoder().decode(RandomStream.self, from: written)
    #expect((0..<5).map { _ in stream.next() } == (0..<5).map { _ in copy.next() })
  }

  @Test func `integers below a bound are equally likely`() {
    var stream = RandomStream(seed: 5, purpose: "dice")
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[stream.integer(below: 6)] += 1 }
    let chiSquare = counts.reduce(0.0) { $0 + pow(Double($1) - 10_000, 2) / 10_000 }
    #expect(chiSquare < 20.5, "the 99.9 % quantile with five degrees of freedom")
  }

  @Test(arguments: [0.1, 0.7, 1, 4.5])
  func `gamma numbers have the mean and the variance of their shape`(shape: Double) {
    var stream = RandomStream(seed: 11, purpose: "gamma")
    let draws = (0..<200_000).map { _ in stream.gamma(shape: shape) }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)
    #expect(abs(mean - shape) < 5 * (shape / 200_000).squareRoot())
    #expect(abs(variance / shape - 1) < 0.1)
  }

  @Test func `normal numbers have mean zero and variance one`() {
    var stream = RandomStream(seed: 3, purpose: "normal")
    let draws = (0..<200_000).map { _ in stream.normal() }
    let mean = draws.reduce(0, +) / 200_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200_000
    #expect(abs(mean) < 0.012)
    #expect(abs(variance - 1) < 0.016)
  }

  @Test(arguments: [0.001, 0.1, 10])
  func `Dirichlet shares are finite and add up to one`(concentration: Double) {
    var stream = RandomStream(seed: 8, purpose: "shares")
    for _ in 0..<100 {
      let shares = stream.dirichlet(concentration: concentration, count: 30)
      #expect(shares.allSatisfy { $0 >= 0 && $0.isFinite })
      #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test func `a permutation contains every number once, and every order occurs`() {
    var orders = Set<[Int]>()
    for seed in 0..<400 {
      var stream = RandomStream(seed: UInt64(seed), purpose: "order")
      let order = stream.permutation(4)
      #expect(order.sorted() == [0, 1, 2, 3])
      orders.insert(order)
    }
    #expect(orders.count == 24)
  }

  @Test(arguments: [(0, 5), (5, 5), (3, 1_000_000_000)])
  func `a sample has no duplicates`(count: Int, population: Int) {
    var stream = RandomStream(seed: 2, purpose: "sample")
    let sample = stream.sample(count, from: population)
    #expect(sample.count == count)
    #expect(Set(sample).count == count)
    #expect(sample.allSatisfy { (0..<population).contains($0) })
  }
}
