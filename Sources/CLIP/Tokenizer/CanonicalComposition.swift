import Foundation

/// Normalization form C (Unicode Standard Annex 15) with the characters of Unicode 9.
///
/// The reference tokenizer's tables end with that version: a newer character neither decomposes nor
/// combines, nor does a mark move past it. Foundation's own form C knows newer characters, and on
/// Linux it takes some characters beyond U+FFFF for others, so only the decompositions of single
/// characters are taken from there.
enum CanonicalComposition {
  /// Decomposes `scalars`, sorts the marks that follow each other, and composes.
  static func composed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var composed: [Unicode.Scalar] = []
    var starter: Int?
    // The combining class of the last scalar kept after the starter; -1 where there is none.
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

  /// The full decomposition, except for Hangul syllables, with the marks in canonical order.
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
    // No mark stands below U+0300.
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

  /// The full decomposition of each character that has one, Hangul syllables aside.
  private static let decompositions: [Unicode.Scalar: [Unicode.Scalar]] = {
    var decompositions: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    let scalars = decomposableBlocks.joined().compactMap(Unicode.Scalar.init)
    for scalar in scalars where isKnown(scalar) {
      let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
      if parts.first != scalar { decompositions[scalar] = Array(parts) }
    }
    return decompositions
  }()

  /// The character that each full decomposition is composed to.
  private static let composites: [[Unicode.Scalar]: Unicode.Scalar] = Dictionary(
    uniqueKeysWithValues:
      decompositions
      .filter { !$0.key.properties.isFullCompositionExclusion }
      .map { ($0.value, $0.key) })

  /// Where Unicode 9 has characters with a canonical decomposition.
  private static let decomposableBlocks: [Range<UInt32>] = [
    0xC0..<0x3100, 0xF900..<0xFB50, 0x11000..<0x11600, 0x1D100..<0x1D200, 0x2F800..<0x2FA20,
  ]
}
