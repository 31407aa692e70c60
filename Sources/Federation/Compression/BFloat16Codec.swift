import Foundation
import Randomness
import Tensors

/// Little-endian bfloat16, the upper half of a float32, rounded to nearest, ties to even.
public struct BFloat16Codec: VectorCodec {
  public init() {}

  public func byteCount(of count: Int) -> Int { 2 * count }

  public func encode(_ numbers: [Float], using random: inout RandomStream) -> Data {
    Data(littleEndian: numbers.map(\.bfloat16))
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try checkLength(payload, count: count)
    return payload.littleEndian(UInt16.self).map { Float(bfloat16: $0) }
  }
}
