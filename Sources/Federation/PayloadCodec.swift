import Foundation

/// Turns a vector of numbers into the bytes that a network carries, and back.
public struct PayloadCodec: Sendable, Codable, Equatable {
  public init() {}

  /// Little-endian float32, four bytes for each number.
  public func encode(_ numbers: [Float]) -> Data {
    numbers.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
  }

  /// The numbers of a payload.
  ///
  /// - Throws: `PayloadError` where the bytes do not make up whole numbers.
  public func decode(_ payload: Data) throws(PayloadError) -> [Float] {
    guard payload.count % 4 == 0 else { throw PayloadError(byteCount: payload.count) }
    let patterns = [UInt32](unsafeUninitializedCapacity: payload.count / 4) { buffer, count in
      count = payload.copyBytes(to: buffer) / 4
    }
    return patterns.map { Float(bitPattern: UInt32(littleEndian: $0)) }
  }

  /// The length of the payload of `count` numbers, in bytes.
  public func byteCount(of count: Int) -> Int { 4 * count }
}
