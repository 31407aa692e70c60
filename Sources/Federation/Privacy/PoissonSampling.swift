import Foundation
import Randomness

/// Cohorts that each client joins independently with the same probability.
///
/// The ids of a round come from a Bernoulli process: the gap to the next member is geometric,
/// floor(ln u / ln(1 - q)), so that drawing a cohort takes time proportional to its size,
/// independent of the population.
public struct PoissonSampling: Sendable, Codable, Equatable {
  public let population: Int
  /// q, above 0 and at most 1.
  public let probability: Double
  public let seed: UInt64

  public init(population: Int, probability: Double, seed: UInt64) {
    precondition(population >= 0 && probability > 0 && probability <= 1)
    self.population = population
    self.probability = probability
    self.seed = seed
  }

  /// q N.
  public var expectedCohort: Double { probability * Double(population) }

  /// The members of a round's cohort, in ascending order; may be empty.
  public func cohort(round: Int) -> [Int] {
    if probability == 1 { return Array(0..<population) }
    var random = RandomStream(seed: seed, purpose: "poisson cohort", round)
    let rate = log1p(-probability)
    var cohort: [Int] = []
    var next = 0
    while true {
      let gap = (log(1 - random.uniform()) / rate).rounded(.down)
      guard gap < Double(population - next) else { return cohort }
      next += Int(gap)
      cohort.append(next)
      next += 1
    }
  }
}
