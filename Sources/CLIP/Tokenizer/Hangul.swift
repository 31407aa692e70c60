/// The arithmetic that combines Korean letters (jamo) into syllables: The Unicode Standard, section
/// 3.12, "Conjoining Jamo Behavior".
enum Hangul {
  private static let firstSyllable: UInt32 = 0xAC00
  private static let leading: UInt32 = 0x1100
  private static let vowel: UInt32 = 0x1161
  /// The code point before the first trailing consonant, which stands for "none".
  private static let noTrailing: UInt32 = 0x11A7
  private static let leadingCount: UInt32 = 19
  private static let vowelCount: UInt32 = 21
  private static let trailingCount: UInt32 = 28
  private static let syllableCount = leadingCount * vowelCount * trailingCount

  /// The syllable of `first` and `second`: a leading consonant with a vowel, or a syllable without
  /// a trailing consonant with one; nil otherwise.
  static func syllable(of first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    let leadingIndex = index(of: first, from: leading)
    let vowelIndex = index(of: second, from: vowel)
    if leadingIndex < leadingCount, vowelIndex < vowelCount {
      let offset = (leadingIndex * vowelCount + vowelIndex) * trailingCount
      return Unicode.Scalar(firstSyllable + offset)
    }
    let syllableIndex = index(of: first, from: firstSyllable)
    let trailingIndex = index(of: second, from: noTrailing)
    if syllableIndex < syllableCount, syllableIndex.isMultiple(of: trailingCount),
      (1..<trailingCount).contains(trailingIndex)
    {
      return Unicode.Scalar(first.value + trailingIndex)
    }
    return nil
  }

  /// The offset of `scalar` from `start`; larger than any count if it is before `start`.
  private static func index(of scalar: Unicode.Scalar, from start: UInt32) -> UInt32 {
    scalar.value &- start
  }
}
