/// The form of a text that is split to words: NFC, then lower case.
///
/// Lower case is taken scalar by scalar, so that a capital sigma never becomes a final one. White
/// space is left as it is: the split drops it whatever its kind.
enum TextNormalizer {
  static func normalized(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    // Below U+0300 nothing combines, and what decomposes is composed again: it is NFC already.
    let isComposed = scalars.allSatisfy { $0.value < 0x300 }
    return lowerCase(of: isComposed ? scalars : CanonicalComposition.composed(scalars))
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
