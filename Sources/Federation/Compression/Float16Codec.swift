import Foundation
import Randomness

/// Little-endian IEEE half precision, two bytes per number, rounded to nearest, ties to even.
///
/// Numbers from 65,520 overflow to infinity; those below 2^-24 underflow.
public struct Float16Codec: VectorCodec {
  public init() {}

  public func byteCount(of count: Int) -> Int { 2 * count }

  public func encode(_ numbers: [Float], using random: inout RandomStream) -> Data {
    Data(littleEndian: numbers.map { Float16($0).bitPattern })
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try checkLength(payload, count: count)
    return payload.littleEndian(UInt16.self).map { Float(Float16(bitPattern: $0)) }
  }
}
