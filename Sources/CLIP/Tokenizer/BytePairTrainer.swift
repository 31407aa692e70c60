/// Learns a vocabulary in CLIP's format from texts.
///
/// The ids are in the order of CLIP's own vocabulary: the 256 byte symbols, the 256 that end a
/// word, the merged tokens in the order learned, `<|startoftext|>`, `<|endoftext|>`. Each step
/// merges the most frequent pair within words. Ties go to the smallest left id, then the smallest
/// right id, so the order of the texts does not matter.
///
/// Method: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", ACL
/// 2016, on bytes.
public struct BytePairTrainer: Sendable {
  /// The number of unmerged tokens: byte symbols, those that end a word, start and end.
  public static let smallestVocabularySize =
    2 * ByteSymbols.symbols.count + SpecialToken.allCases.count

  /// The target number of tokens. Texts with too few repetitions give a smaller vocabulary.
  public let vocabularySize: Int

  /// The minimum number of occurrences for a pair to become a token.
  public let minimumCount: Int

  /// - Precondition: `vocabularySize` is at least ``smallestVocabularySize``; `minimumCount` is
  ///   positive.
  public init(vocabularySize: Int, minimumCount: Int = 2) {
    precondition(
      vocabularySize >= Self.smallestVocabularySize,
      "a vocabulary holds at least the \(Self.smallestVocabularySize) symbols and special tokens")
    precondition(minimumCount > 0, "a pair that never occurs cannot be merged")
    self.vocabularySize = vocabularySize
    self.minimumCount = minimumCount
  }

  /// Learns a vocabulary from `texts`.
  ///
  /// Each learned token takes time linear in the number of distinct pairs and in the number of
  /// changed words.
  public func train(on texts: some Sequence<String>) -> BytePairVocabulary {
    let symbols = ByteSymbols.vocabularyOrder.map { ByteSymbols.symbols[Int($0)] }
    var tokens = symbols + symbols.map { $0 + ByteSymbols.endOfWord }
    var ids = Dictionary(uniqueKeysWithValues: zip(tokens, Int32(0)...))
    var words = PairCounts()
    for (word, count) in wordCounts(in: texts) {
      words.add(word: Self.symbolIDs(of: word, ids: ids), count: count)
    }

    var merges: [BytePairMerge] = []
    var known: Set<BytePairMerge> = []
    while tokens.count + SpecialToken.allCases.count < vocabularySize,
      let pair = words.mostFrequentPair(minimumCount: minimumCount)
    {
      let merge = BytePairMerge(tokens[Int(pair.left)], tokens[Int(pair.right)])
      // Different pairs can spell the same token: "ab" + "c" and "a" + "bc".
      let result = ids[merge.result] ?? Int32(tokens.count)
      if result == tokens.count {
        tokens.append(merge.result)
        ids[merge.result] = result
      }
      if known.insert(merge).inserted { merges.append(merge) }
      words.merge(pair, into: result)
    }
    for special in [SpecialToken.start, .end] { ids[special.rawValue] = Int32(ids.count) }
    return BytePairVocabulary(consistentIDs: ids, merges: merges)
  }

  private func wordCounts(in texts: some Sequence<String>) -> [[UInt8]: Int] {
    var counts: [[UInt8]: Int] = [:]
    for text in texts {
      for case .word(let word) in TextSplitter.plain.pieces(of: text) {
        counts[word, default: 0] += 1
      }
    }
    return counts
  }

  private static func symbolIDs(of word: [UInt8], ids: [String: Int32]) -> [Int32] {
    var symbols = word.map { ByteSymbols.symbols[Int($0)] }
    symbols[symbols.count - 1] += ByteSymbols.endOfWord
    return symbols.map { ids[$0]! }
  }
}
