import Foundation
import Randomness

/// Little-endian float32, four bytes per number, bit for bit.
public struct Float32Codec: VectorCodec {
  public init() {}

  public func byteCount(of count: Int) -> Int { 4 * count }

  public func encode(_ numbers: [Float], using random: inout RandomStream) -> Data {
    Data(littleEndian: numbers)
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try checkLength(payload, count: count)
    return payload.littleEndianFloats
  }
}
