/// The form of a text that is split to words: NFC, then lower case.
///
/// Lower case is taken scalar by scalar, so that a capital sigma never becomes a final one. White
/// space is left as it is: the split drops it whatever its kind.
enum TextNormalizer {
  static func normalized(_ text: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    let scalars = Array(text)
    // Below U+0300 nothing combines, and what decomposes is composed again: it is NFC already.
    let isComposed = scalars.allSatisfy { $0.value < 0x300 }
    return lowerCase(of: isComposed ? scalars : CanonicalComposition.composed(scalars))
  }

  /// The text with a space for each run of white space, as added tokens are looked for in it.
  static func withSingleSpaces(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var single: [Unicode.Scalar] = []
    single.reserveCapacity(scalars.count)
    var isSpace = false
    for scalar in scalars {
      let wasSpace = isSpace
      isSpace = scalar.scalarClass == .space
      if !isSpace { single.append(scalar) } else if !wasSpace { single.append(" ") }
    }
    return single
  }

  private static func lowerCase(of scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var lowered: [Unicode.Scalar] = []
    lowered.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar.isASCII {
        let isUpperCase = ("A"..."Z").contains(scalar)
        lowered.append(isUpperCase ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
      } else {
        lowered.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return lowered
  }
}
