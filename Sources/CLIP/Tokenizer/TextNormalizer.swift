/// Normalises a text before it is split into words: NFC, then lower case.
///
/// Lowercases scalar by scalar, so that a capital sigma never becomes a final one. Leaves white
/// space unchanged, because splitting drops it anyway.
enum TextNormalizer {
  static func normalized(_ text: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    let scalars = Array(text)
    // Below U+0300 nothing combines, and decomposed characters compose again, so the text is
    // already NFC.
    let isComposed = scalars.allSatisfy { $0.value < 0x300 }
    return lowerCase(of: isComposed ? scalars : CanonicalComposition.composed(scalars))
  }

  /// The text with each run of white space collapsed to one space, in which added tokens are
  /// searched.
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
