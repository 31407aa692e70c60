import Randomness

extension Partition {
  static func dirichlet(
    _ byClass: [[Int]], _ beta: Double, _ clients: Int, _ seed: UInt64
  ) -> [[Int]] {
    var counts: [[Int]] = []
    for draw in 0..<dirichletDraws {
      counts = dirichletCounts(byClass, beta, clients, seed, draw)
      if everyClientHasASample(counts, clients) { break }
    }
    var shards = shards(byClass, counts, clients, seed)
    giveToTheEmpty(&shards, seed)
    return shards
  }

  /// The number of samples per class and client: [classes][clients].
  ///
  /// The cumulative shares are rounded, so that every sample is assigned to exactly one client.
  private static func dirichletCounts(
    _ byClass: [[Int]], _ beta: Double, _ clients: Int, _ seed: UInt64, _ draw: Int
  ) -> [[Int]] {
    byClass.indices.map { label in
      var stream = RandomStream(seed: seed, purpose: "dirichlet shares", draw, label)
      let total = byClass[label].count
      var cumulativeShare = 0.0
      var taken = 0
      var counts = stream.dirichlet(concentration: beta, count: clients).map { share in
        cumulativeShare += share
        let end = min(Int((cumulativeShare * Double(total)).rounded()), total)
        defer { taken = end }
        return end - taken
      }
      counts[clients - 1] += total - taken
      return counts
    }
  }

  private static func everyClientHasASample(_ counts: [[Int]], _ clients: Int) -> Bool {
    (0..<clients).allSatisfy { client in counts.contains { $0[client] > 0 } }
  }

  private static func shards(
    _ byClass: [[Int]], _ counts: [[Int]], _ clients: Int, _ seed: UInt64
  ) -> [[Int]] {
    var shards = [[Int]](repeating: [], count: clients)
    for (label, members) in byClass.enumerated() {
      var stream = RandomStream(seed: seed, purpose: "dirichlet samples", label)
      var rest = stream.shuffled(members)[...]
      for client in 0..<clients {
        shards[client] += rest.prefix(counts[label][client])
        rest = rest.dropFirst(counts[label][client])
      }
    }
    return shards
  }

  /// There are at least as many samples as clients, so the largest client always has one to spare.
  private static func giveToTheEmpty(_ shards: inout [[Int]], _ seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "dirichlet mend")
    var sizes = shards.map(\.count)
    for empty in shards.indices where sizes[empty] == 0 {
      let largest = sizes.indices.reduce(0) { sizes[$1] > sizes[$0] ? $1 : $0 }
      let moved = shards[largest].remove(at: stream.integer(below: sizes[largest]))
      shards[empty].append(moved)
      sizes[largest] -= 1
      sizes[empty] = 1
    }
  }
}
