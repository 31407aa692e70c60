/// A position in a text as libYAML counts it: 1-based, in Unicode scalars, after any kind of line
/// break.
struct TextPosition: Hashable {
  var line: Int
  var column: Int
}

extension String {
  /// The position of the first scalar that satisfies the predicate.
  func firstPosition(where isSought: (Unicode.Scalar) -> Bool) -> TextPosition? {
    var position = TextPosition(line: 1, column: 1)
    var previous: Unicode.Scalar?
    for scalar in unicodeScalars {
      if isSought(scalar) { return position }
      position.advance(over: scalar, after: previous)
      previous = scalar
    }
    return nil
  }

  func scalarIndex(at sought: TextPosition) -> Index? {
    var position = TextPosition(line: 1, column: 1)
    var previous: Unicode.Scalar?
    for index in unicodeScalars.indices {
      if position == sought { return index }
      position.advance(over: unicodeScalars[index], after: previous)
      previous = unicodeScalars[index]
    }
    return nil
  }

  /// The text with the key at this position renamed to be unique and all other positions unchanged;
  /// nil if that is impossible.
  ///
  /// The first scalar of the key is replaced by one from Unicode's private use area. Each renaming
  /// requires another parse, so larger texts get fewer of them.
  func renamingKey(at position: TextPosition, serial: Int) -> String? {
    let limit = Swift.min(200, 2_000_000 / (utf8.count + 1))
    guard serial < limit, var index = scalarIndex(at: position) else { return nil }
    if ["\"", "'"].contains(unicodeScalars[index]) { index = unicodeScalars.index(after: index) }
    guard index < unicodeScalars.endIndex,
      unicodeScalars[index].properties.isAlphabetic || unicodeScalars[index] == "_",
      let replacement = Unicode.Scalar(0xF000 + UInt32(serial))
    else { return nil }
    var scalars = unicodeScalars
    scalars.replaceSubrange(index...index, with: [replacement])
    return String(scalars)
  }
}

extension TextPosition {
  fileprivate mutating func advance(over scalar: Unicode.Scalar, after previous: Unicode.Scalar?) {
    switch scalar {
    case "\n" where previous == "\r":
      break
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
      line += 1
      column = 1
    default:
      column += 1
    }
  }
}

extension Unicode.Scalar {
  /// Whether YAML allows the scalar anywhere in a text.
  var isAllowedInYAML: Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0x10000...0x10FFFF: true
    case 0xE000...0xFFFD: value != 0xFEFF
    default: false
    }
  }
}
