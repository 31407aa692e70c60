/// A bit set in bytes, least significant bit first.
struct BitSet: Equatable {
  private(set) var bytes: [UInt8]

  init(count: Int) { bytes = [UInt8](repeating: 0, count: Self.byteCount(of: count)) }

  init(bytes: [UInt8]) { self.bytes = bytes }

  static func byteCount(of bits: Int) -> Int { (bits + 7) / 8 }

  mutating func insert(_ bit: Int) { bytes[bit >> 3] |= 1 << (bit & 7) }

  func contains(_ bit: Int) -> Bool { bytes[bit >> 3] >> (bit & 7) & 1 == 1 }

  /// The set bits, in ascending order.
  var members: [Int] { (0..<bytes.count * 8).filter(contains) }
}
