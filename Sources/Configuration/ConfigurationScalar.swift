/// A single value as text. Its reader decides its type: `no` is a word, not a boolean.
struct ConfigurationScalar: Sendable {
  var text: String

  /// Whether the value was quoted or a block scalar, and so can only be text.
  var isQuoted: Bool

  var isNull: Bool {
    !isQuoted && ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The quoted text for error messages.
  var words: String {
    (isQuoted && !text.isEmpty ? "the quoted text " : "") + text.quotedForMessage
  }
}

extension String {
  /// The text in quotation marks, on one line and truncated if long.
  var quotedForMessage: String {
    "\"\(onOneLine(limit: 60))\""
  }

  /// The text with line breaks replaced by spaces, truncated to `limit` characters.
  func onOneLine(limit: Int) -> String {
    let line = String(prefix(limit).map { $0.isNewline ? " " : $0 })
    return dropFirst(limit).isEmpty ? line : line + "…"
  }
}

extension Sequence where Element == String {
  /// `a, b and c`.
  func enumeratedInWords(conjunction: String) -> String {
    let words = Array(self)
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
  }
}
