/// The character classes of CLIP's splitting pattern.
enum ScalarClass: UInt8 {
  /// `\s`: Unicode white space.
  case space
  /// `\p{L}`.
  case letter
  /// `\p{N}`, in any script.
  case number
  /// Everything else: punctuation, symbols, marks, controls, unassigned.
  case other
}

extension Unicode.Scalar {
  var scalarClass: ScalarClass {
    isASCII ? Self.asciiClasses[Int(value)] : unicodeClass
  }

  private static let asciiClasses = (UInt8(0)..<128).map { Unicode.Scalar($0).unicodeClass }

  private var unicodeClass: ScalarClass {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      isKnownToReference ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber:
      isKnownToReference ? .number : .other
    default:
      properties.isWhitespace ? .space : .other
    }
  }

  /// Whether the character exists in Unicode 16.
  ///
  /// The reference tokenizer's tables end there. Fixing the version keeps the tokens of a text
  /// stable when the Swift runtime adds characters.
  private var isKnownToReference: Bool {
    properties.age.map { $0.major <= 16 } ?? false
  }
}
