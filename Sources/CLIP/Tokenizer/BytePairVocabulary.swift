import Foundation

/// A byte-pair vocabulary in CLIP's format: the tokens with their ids, and the merges that create
/// them.
///
/// Tokens are written in byte symbols (see `ByteSymbols`); those that end a word have the suffix
/// `</w>`.
public struct BytePairVocabulary: Sendable, Equatable {
  /// The id of each token.
  public let ids: [String: Int32]

  /// The merges in the order in which they were learned.
  public let merges: [BytePairMerge]

  /// The tokens that are extracted from a text before it is split, including the start and end
  /// tokens.
  public private(set) var addedTokens: [AddedToken]

  /// Creates a vocabulary whose only added tokens are the start and end tokens.
  ///
  /// - Throws: ``TokenizerError`` if an id is negative, `<|startoftext|>` or `<|endoftext|>` is
  ///   missing, or a merge's part or result is not in `ids`.
  public init(ids: [String: Int32], merges: [BytePairMerge]) throws(TokenizerError) {
    try self.init(
      ids: ids, merges: merges, vocabularyLocation: "vocabulary",
      mergeLocation: { "merge \($0 + 1)" })
  }

  /// Like `init(ids:merges:)`, with the locations to use in errors.
  init(
    ids: [String: Int32], merges: [BytePairMerge], vocabularyLocation: String,
    mergeLocation: (Int) -> String
  ) throws(TokenizerError) {
    if let (token, id) = ids.filter({ $0.value < 0 }).min(by: { $0.key < $1.key }) {
      throw TokenizerError(.negativeID(token: token, id: id), at: vocabularyLocation)
    }
    for special in SpecialToken.allCases where ids[special.rawValue] == nil {
      throw TokenizerError(.missingSpecialToken(token: special.rawValue), at: vocabularyLocation)
    }
    for (index, merge) in merges.enumerated() {
      for token in [merge.left, merge.right, merge.result] where ids[token] == nil {
        throw TokenizerError(.unknownToken(token: token, merge: merge), at: mergeLocation(index))
      }
    }
    self.init(consistentIDs: ids, merges: merges)
  }

  /// Creates a vocabulary without validation; it must be consistent.
  init(consistentIDs ids: [String: Int32], merges: [BytePairMerge]) {
    self.ids = ids
    self.merges = merges
    addedTokens = [SpecialToken.start, .end].map {
      AddedToken(
        content: $0.rawValue, id: ids[$0.rawValue]!, isNormalized: false, isSingleWord: false)
    }
  }

  /// Adds the tokens listed in the files of a model's directory.
  mutating func addTokens(in directory: URL) throws(TokenizerError) {
    addedTokens = try AddedTokens.read(in: directory, ids: ids)
  }
}
