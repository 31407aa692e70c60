import Foundation

/// Normalization form C (Unicode Standard Annex 15) with the characters of Unicode 9.
///
/// The reference tokenizer's tables end with that version: a newer character neither decomposes nor
/// combines, nor does a mark move past it. Foundation's own NFC knows newer characters, and on
/// Linux it confuses some characters beyond U+FFFF, so only its decompositions of single characters
/// are used.
enum CanonicalComposition {
  /// Decomposes `scalars`, sorts adjacent marks, and composes.
  static func composed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var composed: [Unicode.Scalar] = []
    var starter: Int?
    // The combining class of the last scalar kept after the starter; -1 if there is none.
    var lastClass = -1
    for (scalar, combiningClass) in decomposed(scalars) {
      if let starter, lastClass < combiningClass,
        let composite = composite(of: composed[starter], scalar)
      {
        composed[starter] = composite
        continue
      }
      lastClass = combiningClass
      if combiningClass == 0 {
        starter = composed.count
        lastClass = -1
      }
      composed.append(scalar)
    }
    return composed
  }

  private typealias Classified = (scalar: Unicode.Scalar, combiningClass: Int)

  /// The full decomposition with marks in canonical order, except for Hangul syllables.
  private static func decomposed(_ scalars: [Unicode.Scalar]) -> [Classified] {
    var decomposed: [Classified] = []
    decomposed.reserveCapacity(scalars.count)
    for scalar in scalars {
      for part in decompositions[scalar] ?? [scalar] {
        let part = (part, combiningClass(of: part))
        var place = decomposed.count
        if part.1 > 0 {
          while place > 0, decomposed[place - 1].combiningClass > part.1 { place -= 1 }
        }
        decomposed.insert(part, at: place)
      }
    }
    return decomposed
  }

  private static func combiningClass(of scalar: Unicode.Scalar) -> Int {
    // There are no marks below U+0300.
    guard scalar.value >= 0x300, isKnown(scalar) else { return 0 }
    return Int(scalar.properties.canonicalCombiningClass.rawValue)
  }

  private static func composite(
    of first: Unicode.Scalar, _ second: Unicode.Scalar
  ) -> Unicode.Scalar? {
    if second.value < 0x300 { return nil }
    return Hangul.syllable(of: first, second)
      ?? composites[(decompositions[first] ?? [first]) + [second]]
  }

  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.age.map { $0.major <= 9 } ?? false
  }

  /// The full decomposition of each decomposable character except Hangul syllables.
  private static let decompositions: [Unicode.Scalar: [Unicode.Scalar]] = {
    var decompositions: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    let scalars = decomposableBlocks.joined().compactMap(Unicode.Scalar.init)
    for scalar in scalars where isKnown(scalar) {
      let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
      if parts.first != scalar { decompositions[scalar] = Array(parts) }
    }
    return decompositions
  }()

  /// The composed character for each full decomposition.
  private static let composites: [[Unicode.Scalar]: Unicode.Scalar] = Dictionary(
    uniqueKeysWithValues:
      decompositions
      .filter { !$0.key.properties.isFullCompositionExclusion }
      .map { ($0.value, $0.key) })

  /// The blocks of Unicode 9 that contain characters with a canonical decomposition.
  private static let decomposableBlocks: [Range<UInt32>] = [
    0xC0..<0x3100, 0xF900..<0xFB50, 0x11000..<0x11600, 0x1D100..<0x1D200, 0x2F800..<0x2FA20,
  ]
}
