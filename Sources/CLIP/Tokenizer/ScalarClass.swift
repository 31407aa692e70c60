/// The kinds of character that CLIP's splitting pattern tells apart.
enum ScalarClass: UInt8 {
  /// `\s`: what Unicode calls white space.
  case space
  /// `\p{L}`.
  case letter
  /// `\p{N}`, of any script.
  case number
  /// All else: punctuation, symbols, marks, controls, unassigned.
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

  /// Whether Unicode 16 has the character.
  ///
  /// The reference tokenizer's tables end there; with a fixed version the tokens of a text do not
  /// change when the Swift runtime learns new characters.
  private var isKnownToReference: Bool {
    properties.age.map { $0.major <= 16 } ?? false
  }
}
