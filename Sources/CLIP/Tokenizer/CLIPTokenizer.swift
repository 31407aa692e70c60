import Foundation

/// CLIP's byte-level byte-pair tokenizer.
///
/// Its ids match the `tokenizers` pipeline of Hugging Face's `CLIPTokenizer` with the same
/// vocabulary. A text is normalised and split into words (see `TextSplitter`). A word starts as its
/// UTF-8 bytes, with the last one marked as the end of the word, and pairs are merged in the order
/// in which they were learned, leftmost first.
public struct CLIPTokenizer: Sendable {
  /// The id at the start of every encoded text.
  public let startToken: Int32

  /// The id at the end of every encoded text; also used for bytes that are not in the vocabulary.
  public let endToken: Int32

  /// The number of rows of the token embedding: the largest id plus one.
  public let vocabularySize: Int

  private let byteIDs: [Int32]
  private let finalByteIDs: [Int32]
  private let merger: BytePairMerger
  private let splitter: TextSplitter

  /// Reads `tokenizer.json`, or `vocab.json` and `merges.txt`, from a model's directory, and the
  /// files of added tokens.
  ///
  /// - Throws: ``TokenizerError``, which names the file and the line.
  public init(directory: URL) throws(TokenizerError) {
    self.init(try BytePairVocabulary(directory: directory))
  }

  /// - Parameters:
  ///   - vocabulary: the id of each token.
  ///   - merges: the merges in the order in which they were learned.
  /// - Throws: ``TokenizerError`` if the two are inconsistent.
  public init(
    vocabulary: [String: Int32], merges: [BytePairMerge]
  ) throws(TokenizerError) {
    self.init(try BytePairVocabulary(ids: vocabulary, merges: merges))
  }

  public init(_ vocabulary: BytePairVocabulary) {
    let ids = vocabulary.ids
    let end = ids[SpecialToken.end.rawValue]!
    startToken = ids[SpecialToken.start.rawValue]!
    endToken = end
    vocabularySize = Int(max(ids.values.max()!, vocabulary.addedTokens.map(\.id).max() ?? 0)) + 1
    splitter = TextSplitter(vocabulary.addedTokens)
    byteIDs = ByteSymbols.symbols.map { ids[$0] ?? end }
    finalByteIDs = ByteSymbols.symbols.map { ids[$0 + ByteSymbols.endOfWord] ?? end }
    merger = BytePairMerger(vocabulary)
  }

  /// The ids of `text` between the start and the end token.
  ///
  /// A text of more than `contextLength` ids is truncated to its first `contextLength - 1` and the
  /// end token; a shorter one is not padded. Names of special and other added tokens in the text
  /// become these tokens.
  ///
  /// - Precondition: `contextLength` is at least 2.
  public func encode(_ text: String, contextLength: Int = 77) -> [Int32] {
    precondition(contextLength >= 2, "a context holds at least the start and the end token")
    var ids = [startToken]
    for piece in splitter.pieces(of: text) {
      switch piece {
      case .token(let id): ids.append(id)
      case .word(let bytes): ids.append(contentsOf: tokens(of: bytes))
      }
      if ids.count >= contextLength { break }
    }
    return ids.prefix(contextLength - 1) + [endToken]
  }

  private func tokens(of word: [UInt8]) -> [Int32] {
    var ids = word.map { byteIDs[Int($0)] }
    ids[ids.count - 1] = finalByteIDs[Int(word[word.count - 1])]
    merger.merge(&ids)
    return ids
  }
}
