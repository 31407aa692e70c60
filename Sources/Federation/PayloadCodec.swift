import Foundation

/// Turns a vector of numbers into the bytes that a network carries, and back.
public struct PayloadCodec: Sendable, Codable, Equatable {
  public init() {}

  /// Little-endian float32, four bytes for each number.
  public func encode(_ numbers: [Float]) -> Data {
    var data = Data(capacity: 4 * numbers.count)
    for number in numbers {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  /// The numbers of a payload.
  ///
  /// - Throws: `PayloadError` where the bytes do not make up whole numbers.
  public func decode(_ payload: Data) throws(PayloadError) -> [Float] {
    guard payload.count % 4 == 0 else { throw PayloadError(byteCount: payload.count) }
    return payload.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { index in
        let pattern = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: pattern))
      }
    }
  }

  /// The length of the payload of `count` numbers, in bytes.
  public func byteCount(of count: Int) -> Int { 4 * count }
}
