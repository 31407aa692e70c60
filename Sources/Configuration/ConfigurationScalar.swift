/// A single value as text. What it means depends on who reads it: `no` is a word, not a boolean.
struct ConfigurationScalar: Sendable {
  var text: String

  /// Whether it stood between quotation marks or in a block, and so can only be text.
  var isQuoted: Bool

  var isNull: Bool {
    !isQuoted && ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The text between quotation marks as a message shows it.
  var words: String {
    (isQuoted && !text.isEmpty ? "the quoted text " : "") + text.quotedForMessage
  }
}

extension String {
  /// The text in quotation marks, on one line and cut where it is long.
  var quotedForMessage: String {
    "\"\(onOneLine(limit: 60))\""
  }

  /// The text with its line breaks as spaces, and cut after `limit` characters.
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
