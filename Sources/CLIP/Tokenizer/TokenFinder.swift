/// Finds added tokens in a text, from left to right, preferring the longest match.
struct TokenFinder: Sendable {
  enum Part {
    case token(Int32)
    /// The text between tokens; never empty.
    case rest(ArraySlice<Unicode.Scalar>)
  }

  private struct Pattern {
    let scalars: [Unicode.Scalar]
    let id: Int32
    let isSingleWord: Bool
  }

  /// The patterns by first scalar, longest first.
  private var patterns: [Unicode.Scalar: [Pattern]] = [:]

  init(_ tokens: some Sequence<(scalars: [Unicode.Scalar], token: AddedToken)>) {
    for (scalars, token) in tokens {
      guard let first = scalars.first else { continue }
      patterns[first, default: []].append(
        Pattern(scalars: scalars, id: token.id, isSingleWord: token.isSingleWord))
    }
    for first in patterns.keys {
      patterns[first]!.sort { $0.scalars.count > $1.scalars.count }
    }
  }

  var isEmpty: Bool { patterns.isEmpty }

  /// The parts of `text` in order.
  func parts(of text: [Unicode.Scalar]) -> [Part] {
    guard !text.isEmpty else { return [] }
    guard !isEmpty else { return [.rest(text[...])] }
    var parts: [Part] = []
    var (restStart, position) = (0, 0)
    while position < text.count {
      guard
        let found = patterns[text[position]]?.first(where: {
          text[position...].starts(with: $0.scalars)
        })
      else {
        position += 1
        continue
      }
      let end = position + found.scalars.count
      let isFree =
        !found.isSingleWord
        || !(position > 0 && text[position - 1].isWord)
          && !(end < text.count && text[end].isWord)
      if isFree {
        if restStart < position { parts.append(.rest(text[restStart..<position])) }
        parts.append(.token(found.id))
        restStart = end
      }
      // A match that is not a single word still hides shorter ones inside it.
      position = end
    }
    if restStart < text.count { parts.append(.rest(text[restStart...])) }
    return parts
  }
}

extension Unicode.Scalar {
  /// `\w` of Unicode Technical Standard 18.
  fileprivate var isWord: Bool {
    if properties.isAlphabetic || properties.isJoinControl { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }
}
