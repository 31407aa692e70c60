import Foundation
import Randomness

/// Little-endian bfloat16, the upper half of a float32, rounded to nearest, ties to even.
public struct BFloat16Codec: VectorCodec {
  public init() {}

  public func byteCount(of count: Int) -> Int { 2 * count }

  public func encode(_ numbers: [Float], using random: inout RandomStream) -> Data {
    Data(littleEndian: numbers.map(Self.upperHalf))
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try checkLength(payload, count: count)
    return payload.littleEndian(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
  }

  private static func upperHalf(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    // Rounding could carry a NaN's payload into infinity or zero.
    if number.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits + 0x7fff + (bits >> 16 & 1)) >> 16)
  }
}
