/// A token that is extracted from a text before the text is split into words.
public struct AddedToken: Sendable, Equatable {
  public let content: String

  /// The row of the embedding: the id of the content in the vocabulary, or one after the
  /// vocabulary.
  public let id: Int32

  /// Whether the token's normalised form is matched against the normalised text; otherwise both are
  /// matched as written.
  public let isNormalized: Bool

  /// Whether the token matches only if it is not adjacent to a letter, digit, mark or underscore.
  public let isSingleWord: Bool
}
