import Randomness

/// Picks the clients of a round.
///
/// The pick depends only on the seed, the round and the group, so that all methods of a run use the
/// same cohorts.
public struct ClientSelector: Sendable, Codable, Equatable {
  public var population: Int
  public var seed: UInt64
  /// Distinguishes edges' picks; the first edge's equal those of a server without edges.
  public var group: Int

  public init(population: Int, seed: UInt64, group: Int = 0) {
    self.population = population
    self.seed = seed
    self.group = group
  }

  /// The ids of `size` distinct clients, or of all if there are fewer, in ascending order.
  public func cohort(round: Int, size: Int) -> [Int] {
    var stream =
      group == 0
      ? RandomStream(seed: seed, purpose: "cohort", round)
      : RandomStream(seed: seed, purpose: "cohort", round, group)
    return stream.sample(min(size, population), from: population).sorted()
  }

  /// The default minimum number of candidates, enough to find some that are online.
  public static let manyCandidates = 10_000

  /// Distinct clients in the order in which the server checks whether they are online: all of a
  /// small population, or a hundred per requested client of a large one.
  ///
  /// - Parameter least: the minimum number of candidates, if the population is large enough.
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
