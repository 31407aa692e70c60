/// The printable symbols for the 256 byte values in a byte-level vocabulary.
///
/// Printable Latin-1 characters represent themselves. The other bytes (controls, space,
/// 0x7F...0xA0, soft hyphen) map to the code points from U+0100 upwards in order. Every text is
/// then a string of symbols without white space, as `vocab.json` and `merges.txt` require.
enum ByteSymbols {
  /// The suffix of a word's last symbol in CLIP's vocabularies.
  static let endOfWord = "</w>"

  /// The byte values in the order of CLIP's vocabulary ids: printable ones first.
  static let vocabularyOrder: [UInt8] =
    bytes.filter(isPrintable) + bytes.filter { !isPrintable($0) }

  /// The symbol of each byte value.
  static let symbols: [String] = {
    var symbols = bytes.map { String(Unicode.Scalar($0)) }
    for (offset, byte) in bytes.filter({ !isPrintable($0) }).enumerated() {
      symbols[Int(byte)] = String(Unicode.Scalar(UInt32(0x100 + offset))!)
    }
    return symbols
  }()

  private static let bytes = Array(UInt8.min...UInt8.max)

  private static func isPrintable(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: true
    default: false
    }
  }
}
