/// The cyclic redundancy check of RFC 3720, appendix B.4 (Castagnoli's polynomial).
enum CRC32C {
  /// Castagnoli's polynomial, lowest power first.
  private static let polynomial: UInt32 = 0x82F6_3B78

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
    }
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  /// The checksum as stored in TFRecord, so that a checksum of data that contains checksums stays
  /// meaningful: rotated right by 15 bits, plus a constant (`masked_crc32c` of TensorFlow's
  /// `lib/hash/crc32c.h`).
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
