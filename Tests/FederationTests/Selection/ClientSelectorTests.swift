import Testing

@testable import Federation

struct ClientSelectorTests {
  @Test func `a cohort has distinct clients in ascending order, reproducibly`() {
    let selector = ClientSelector(population: 100, seed: 3)
    let cohort = selector.cohort(round: 5, size: 20)
    #expect(cohort.count == 20)
    #expect(cohort == Set(cohort).sorted())
    #expect(cohort == selector.cohort(round: 5, size: 20))
    #expect(cohort != selector.cohort(round: 6, size: 20))
    #expect(cohort != ClientSelector(population: 100, seed: 4).cohort(round: 5, size: 20))
  }

  @Test func `a fleet smaller than the cohort joins completely`() {
    #expect(ClientSelector(population: 3, seed: 1).cohort(round: 1, size: 10) == [0, 1, 2])
  }

  @Test func `all clients are selected equally often`() {
    let selector = ClientSelector(population: 20, seed: 9)
    var counts = [Int](repeating: 0, count: 20)
    for round in 0..<4000 {
      for client in selector.cohort(round: round, size: 5) { counts[client] += 1 }
    }
    // Binomial with mean 1,000 and a deviation of 27.
    #expect(counts.allSatisfy { abs($0 - 1000) < 140 })
  }
}
