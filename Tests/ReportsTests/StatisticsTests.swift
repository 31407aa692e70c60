import Testing

@testable import Reports

struct StatisticsTests {
  @Test(arguments: [[3.0, 1, 2], [5], [1, 1, 1, 1], [10, 0.5, 3, 3, 7]])
  func `the indices match their definitions, including clients without updates`(
    _ amounts: [Double]
  ) throws {
    for zeros in [0, 1, 5] {
      let all = amounts + Array(repeating: 0, count: zeros)
      let spread = try #require(Inequality(amounts, clients: all.count))
      // The mean absolute difference of all pairs, over twice the mean.
      let differences = all.reduce(0.0) { sum, x in sum + all.reduce(0) { $0 + abs($1 - x) } }
      let total = all.reduce(0, +)
      let count = Double(all.count)
      #expect(abs(spread.gini - differences / (2 * count * total)) < 1e-12)
      let squares = all.reduce(0) { $0 + $1 * $1 }
      #expect(abs(spread.jain - total * total / (count * squares)) < 1e-12)
      #expect(spread.lorenz.first == .init(x: 0, y: 0))
      let end = try #require(spread.lorenz.last)
      #expect(abs(end.x - 1) < 1e-12 && abs(end.y - 1) < 1e-12)
      #expect(zip(spread.lorenz, spread.lorenz.dropFirst()).allSatisfy { $0.y <= $1.y + 1e-12 })
      #expect(spread.lorenz.allSatisfy { $0.y <= $0.x + 1e-12 })
      #expect(spread.holders == amounts.count && spread.clients == all.count)
    }
    #expect(Inequality([0, 0], clients: 2) == nil)
  }

  @Test func `quantiles are interpolated`() {
    let quantiles = Quantiles([4, 1, 3, 2])
    #expect(quantiles.least == 1 && quantiles.lower == 1.75 && quantiles.median == 2.5)
    #expect(quantiles.upper == 3.25 && quantiles.most == 4 && quantiles.count == 4)
    #expect(Quantiles([7]) == Quantiles([7]) && Quantiles([7]).median == 7)
  }

  @Test(arguments: [10, 100, 101, 5000]) func `thinning keeps the ends and the extremes`(
    _ most: Int
  ) {
    let values = (0..<100_000).map { Double(($0 * 7919) % 10_007) }
    let thinned = Thinning.thinned(Array(values.enumerated()), to: most) { $0.element }
    #expect(thinned.count <= most && thinned.count > most / 2)
    #expect(thinned.first?.offset == 0 && thinned.last?.offset == 99_999)
    #expect(thinned.map(\.element).max() == values.max())
    #expect(thinned.map(\.element).min() == values.min())
    #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.offset < $1.offset })
    #expect(thinned.allSatisfy { values[$0.offset] == $0.element })
  }

  @Test func `few points are not thinned`() {
    #expect(Thinning.thinned([1.0, 2, 3], to: 4) { $0 } == [1, 2, 3])
  }
}
