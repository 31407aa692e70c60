/// The merges of a vocabulary by the ids of their parts.
struct BytePairMerger: Sendable {
  private struct Rule {
    let rank: Int32
    let result: Int32
  }

  private let rules: [UInt64: Rule]

  init(_ vocabulary: BytePairVocabulary) {
    let ids = vocabulary.ids
    var rules: [UInt64: Rule] = [:]
    rules.reserveCapacity(vocabulary.merges.count)
    for (rank, merge) in vocabulary.merges.enumerated() {
      let pair = Self.key(ids[merge.left]!, ids[merge.right]!)
      rules[pair] = Rule(rank: Int32(rank), result: ids[merge.result]!)
    }
    self.rules = rules
  }

  /// Repeatedly merges the pair with the lowest rank, at its first occurrence, until no pair can be
  /// merged.
  ///
  /// Quadratic in the number of ids, which is the word's length in bytes.
  func merge(_ ids: inout [Int32]) {
    // ranks[i] is the rank of the pair (ids[i], ids[i + 1]).
    var ranks = zip(ids, ids.dropFirst()).map { rank($0, $1) }
    while let lowest = ranks.min(), lowest != .max {
      let position = ranks.firstIndex(of: lowest)!
      ids[position] = rules[Self.key(ids[position], ids[position + 1])]!.result
      ids.remove(at: position + 1)
      ranks.remove(at: position)
      if position > 0 { ranks[position - 1] = rank(ids[position - 1], ids[position]) }
      if position < ranks.count { ranks[position] = rank(ids[position], ids[position + 1]) }
    }
  }

  private func rank(_ left: Int32, _ right: Int32) -> Int32 {
    rules[Self.key(left, right)]?.rank ?? .max
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }
}
