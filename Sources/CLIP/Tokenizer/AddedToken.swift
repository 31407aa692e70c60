/// A token that is cut out of a text before the text is split to words.
public struct AddedToken: Sendable, Equatable {
  public let content: String

  /// The row of the embedding: that of the content in the vocabulary, or one behind it.
  public let id: Int32

  /// Whether it is looked for in the normalised form of a text, itself normalised; else in the text as it is.
  public let isNormalized: Bool

  /// Whether it counts only where no letter, digit, mark or underscore touches it.
  public let isSingleWord: Bool
}
