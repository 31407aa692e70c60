import Randomness

/// Picks the clients of a round.
///
/// The pick depends on the seed, the round and the group alone, so that all methods of a run work with the same
/// cohorts.
public struct ClientSelector: Sendable, Codable, Equatable {
  public var population: Int
  public var seed: UInt64
  /// Tells the picks of one edge from those of another; the first edge's are those of a server without edges.
  public var group: Int

  public init(population: Int, seed: UInt64, group: Int = 0) {
    self.population = population
    self.seed = seed
    self.group = group
  }

  /// The ids of `size` different clients, or of all where there are fewer, in ascending order.
  public func cohort(round: Int, size: Int) -> [Int] {
    var stream =
      group == 0
      ? RandomStream(seed: seed, purpose: "cohort", round)
      : RandomStream(seed: seed, purpose: "cohort", round, group)
    return stream.sample(min(size, population), from: population).sorted()
  }

  /// Candidates enough to find some that are there.
  public static let manyCandidates = 10_000

  /// Different clients in the order in which the server asks them whether they are there: all of a
  /// small population, and of a large one a hundred for each that is wanted.
  ///
  /// - Parameter least: how many there are at least, where the population has as many.
  public func candidates(round: Int, size: Int, least: Int = manyCandidates) -> [Int] {
    var stream =
      group == 0
      ? RandomStream(seed: seed, purpose: "candidates", round)
      : RandomStream(seed: seed, purpose: "candidates", round, group)
    let most = size.multipliedReportingOverflow(by: 100)
    let count = min(population, most.overflow ? population : max(least, most.partialValue))
    return stream.sample(count, from: population)
  }
}
