/// The words of a training corpus as ids, and the number of occurrences of each adjacent pair.
struct PairCounts {
  struct Pair: Hashable {
    var left: Int32
    var right: Int32
  }

  private struct Entry {
    let pair: Pair
    var count = 0
    /// The words that contain the pair, or once did.
    var words: Set<Int> = []
  }

  private var words: [(ids: [Int32], count: Int)] = []
  private var entries: [Entry] = []
  private var entryOfPair: [Pair: Int] = [:]

  /// Adds a word that occurs `count` times.
  mutating func add(word ids: [Int32], count: Int) {
    words.append((ids, count))
    addPairs(ofWord: words.count - 1, times: 1)
  }

  /// The pair with the largest count, ties going to the smallest ids; nil if no pair occurs
  /// `minimumCount` times.
  func mostFrequentPair(minimumCount: Int) -> Pair? {
    var best: Int?
    for index in entries.indices where entries[index].count >= minimumCount {
      if let best, !precedes(index, best) { continue }
      best = index
    }
    return best.map { entries[$0].pair }
  }

  /// Replaces `pair` with `result` in every word, from left to right.
  mutating func merge(_ pair: Pair, into result: Int32) {
    guard let entry = entryOfPair[pair] else { return }
    for word in entries[entry].words {
      addPairs(ofWord: word, times: -1)
      words[word].ids = Self.merged(words[word].ids, pair: pair, into: result)
      addPairs(ofWord: word, times: 1)
    }
    entries[entry].words = []
  }

  private func precedes(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (entries[first], entries[second])
    return (b.count, a.pair.left, a.pair.right) < (a.count, b.pair.left, b.pair.right)
  }

  private mutating func addPairs(ofWord word: Int, times: Int) {
    let (ids, count) = words[word]
    for (left, right) in zip(ids, ids.dropFirst()) {
      let index = indexOfEntry(Pair(left: left, right: right))
      entries[index].count += times * count
      if times > 0 { entries[index].words.insert(word) }
    }
  }

  private mutating func indexOfEntry(_ pair: Pair) -> Int {
    if let index = entryOfPair[pair] { return index }
    entries.append(Entry(pair: pair))
    entryOfPair[pair] = entries.count - 1
    return entries.count - 1
  }

  private static func merged(_ ids: [Int32], pair: Pair, into result: Int32) -> [Int32] {
    var merged: [Int32] = []
    var position = 0
    while position < ids.count {
      let isPair =
        position + 1 < ids.count && ids[position] == pair.left && ids[position + 1] == pair.right
      merged.append(isPair ? result : ids[position])
      position += isPair ? 2 : 1
    }
    return merged
  }
}
