import Foundation

/// CLIP's byte-level byte-pair tokenizer.
///
/// Its ids are those of the `tokenizers` pipeline behind Hugging Face's `CLIPTokenizer` for the same
/// vocabulary. A text is normalised and split into words (see `TextSplitter`); a word starts as its
/// UTF-8 bytes, the last marked as the word's end, and is joined pair by pair, always at the first
/// place of the pair that was learnt earliest.
public struct CLIPTokenizer: Sendable {
  /// The id that starts every encoded text.
  public let startToken: Int32

  /// The id that ends every encoded text; it also stands for bytes that the vocabulary lacks.
  public let endToken: Int32

  /// The rows that a token embedding needs: the largest id and one.
  public let vocabularySize: Int

  private let byteIDs: [Int32]
  private let finalByteIDs: [Int32]
  private let merger: BytePairMerger
  private let splitter: TextSplitter

  /// Reads `tokenizer.json`, or `vocab.json` and `merges.txt`, from a model's directory, with the files of added tokens.
  ///
  /// - Throws: ``TokenizerError``, which names the file and the line.
  public init(directory: URL) throws(TokenizerError) {
    self.init(try BytePairVocabulary(directory: directory))
  }

  /// - Parameters:
  ///   - vocabulary: the id of each token.
  ///   - merges: the merges, the first learnt first.
  /// - Throws: ``TokenizerError`` where the two do not fit together.
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
  /// A text of more than `contextLength` ids is cut to its first `contextLength - 1` and the end
  /// token; a shorter one is not padded. The names of the special and of other added tokens, where they
  /// stand in the text, become these tokens.
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
