/// Splits a text into the words within which byte pairs are merged.
///
/// The text is first split at added tokens, including the start and end tokens. The rest is
/// normalised (see `TextNormalizer`), split at added tokens that match normalised text, and split
/// by CLIP's pattern
/// `<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`,
/// which drops white space.
struct TextSplitter: Sendable {
  enum Piece: Equatable {
    case token(Int32)
    /// A word, as UTF-8; never empty.
    case word([UInt8])
  }

  /// The splitter for a vocabulary without added tokens, whose start token is 0 and end token is 1.
  static let plain = TextSplitter(
    [SpecialToken.start, .end].enumerated().map {
      AddedToken(
        content: $1.rawValue, id: Int32($0), isNormalized: false, isSingleWord: false)
    })

  private let finder: TokenFinder
  private let normalizedFinder: TokenFinder

  init(_ tokens: [AddedToken]) {
    let patterns = tokens.map { (scalars: Array($0.content.unicodeScalars), token: $0) }
    finder = TokenFinder(patterns.filter { !$0.token.isNormalized })
    normalizedFinder = TokenFinder(
      patterns.filter(\.token.isNormalized).map {
        (TextNormalizer.withSingleSpaces(TextNormalizer.normalized($0.scalars[...])), $0.token)
      })
  }

  /// The pieces of `text` in order. Linear in the length of the text.
  func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    for part in finder.parts(of: Array(text.unicodeScalars)) {
      switch part {
      case .token(let id): pieces.append(.token(id))
      case .rest(let scalars): append(TextNormalizer.normalized(scalars), to: &pieces)
      }
    }
    return pieces
  }

  private func append(_ normalized: [Unicode.Scalar], to pieces: inout [Piece]) {
    guard !normalizedFinder.isEmpty else { return Self.appendWords(of: normalized, to: &pieces) }
    for part in normalizedFinder.parts(of: TextNormalizer.withSingleSpaces(normalized)) {
      switch part {
      case .token(let id): pieces.append(.token(id))
      case .rest(let scalars): Self.appendWords(of: Array(scalars), to: &pieces)
      }
    }
  }

  private static func appendWords(of scalars: [Unicode.Scalar], to pieces: inout [Piece]) {
    var position = 0
    while position < scalars.count {
      guard scalars[position].scalarClass != .space else {
        position += 1
        continue
      }
      for length in wordLengths(in: scalars, at: position) {
        pieces.append(.word(utf8(of: scalars[position..<position + length])))
        position += length
      }
    }
  }

  /// The lengths of the words in the pattern's match at `start`, which is not white space: one, or
  /// three if it is a special token's name in another case.
  private static func wordLengths(in scalars: [Unicode.Scalar], at start: Int) -> [Int] {
    switch scalars[start].scalarClass {
    case .number:
      return [1]
    case .letter:
      return [runLength(of: .letter, in: scalars, from: start)]
    case .space, .other:
      if scalars[start] == "'", let length = contractionLength(in: scalars, at: start) {
        return [length]
      }
      if scalars[start] == "<", let length = specialNameLength(in: scalars, at: start) {
        // The byte-level stage splits the name further into brackets and letters.
        return [2, length - 4, 2]
      }
      return [runLength(of: .other, in: scalars, from: start)]
    }
  }

  private static func runLength(
    of scalarClass: ScalarClass, in scalars: [Unicode.Scalar], from start: Int
  ) -> Int {
    var end = start + 1
    while end < scalars.count, scalars[end].scalarClass == scalarClass { end += 1 }
    return end - start
  }

  private static func contractionLength(in scalars: [Unicode.Scalar], at start: Int) -> Int? {
    let rest = scalars[(start + 1)...].prefix(2)
    switch rest.first {
    case "s", "t", "m", "d": return 2
    case "r", "v": return rest.last == "e" ? 3 : nil
    case "l": return rest.count == 2 && rest.last == "l" ? 3 : nil
    default: return nil
    }
  }

  private static func specialNameLength(in scalars: [Unicode.Scalar], at start: Int) -> Int? {
    SpecialToken.allCases.map(\.rawValue.unicodeScalars)
      .first { scalars[start...].starts(with: $0) }?.count
  }

  private static func utf8(of scalars: ArraySlice<Unicode.Scalar>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars { bytes.append(contentsOf: UTF8.encode(scalar)!) }
    return bytes
  }
}
