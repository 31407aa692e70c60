import Testing

@testable import Federation

struct PoissonSamplingTests {
  @Test func `each client joins independently with its probability`() {
    let sampling = PoissonSampling(population: 50, probability: 0.3, seed: 2)
    var counts = [Double](repeating: 0, count: 50)
    var both = 0.0
    var sizes: [Double] = []
    for round in 0..<10_000 {
      let cohort = sampling.cohort(round: round)
      #expect(cohort == Set(cohort).sorted() && cohort.allSatisfy { 0..<50 ~= $0 })
      for client in cohort { counts[client] += 1 }
      if cohort.contains(10), cohort.contains(11) { both += 1 }
      sizes.append(Double(cohort.count))
    }
    // Each count is binomial; 86.7 is the 99.9 % quantile of chi-square with 50 degrees of freedom.
    #expect(counts.reduce(0) { $0 + ($1 - 3_000) * ($1 - 3_000) / 2_100 } < 86.7)
    // Neighbours together: binomial with mean 900 and a deviation of 28.6.
    #expect(abs(both - 900) < 115)
    // The size is binomial: mean 15, variance 10.5.
    let variance = sizes.reduce(0) { $0 + ($1 - 15) * ($1 - 15) } / 10_000
    #expect(abs(variance / 10.5 - 1) < 0.06)
  }

  @Test func `sampling a cohort from a billion clients takes time linear in the cohort`() {
    let sampling = PoissonSampling(population: 1_000_000_000, probability: 1e-7, seed: 5)
    #expect(sampling.expectedCohort == 100)
    let sizes = (0..<100).map { sampling.cohort(round: $0).count }
    // Five deviations of the sum of a hundred Poisson numbers of mean 100.
    #expect(abs(sizes.reduce(0, +) - 10_000) < 500)
    #expect(sampling.cohort(round: 1) == sampling.cohort(round: 1))
    #expect(sampling.cohort(round: 1) != sampling.cohort(round: 2))
    #expect(sampling.cohort(round: 1).last! > 500_000_000)
  }

  @Test func `with probability one all clients join, and none of zero clients`() {
    #expect(
      PoissonSampling(population: 4, probability: 1, seed: 1).cohort(round: 1) == [0, 1, 2, 3])
    #expect(PoissonSampling(population: 0, probability: 0.5, seed: 1).cohort(round: 1) == [])
  }
}
