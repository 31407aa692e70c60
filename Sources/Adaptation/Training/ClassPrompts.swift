import CLIP

/// The prompt of every class as tokens.
package struct ClassPrompts: Sendable {
  /// One text per class, truncated after its end token.
  package let texts: TextBatch
  /// One text per class, padded to the model's context.
  package let padded: TextBatch
  /// The tokens of each text as returned by the tokenizer.
  package let tokens: [[Int32]]

  package init(_ tokens: [[Int32]], _ configuration: CLIPConfiguration) {
    self.tokens = tokens
    texts = TextBatch(tokens, configuration)
    padded = TextBatch(padding: tokens, configuration)
  }

  package var count: Int { tokens.count }
}
