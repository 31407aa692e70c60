import Foundation
import Randomness

/// Any of the codecs as one Codable value.
public enum PayloadCodec: VectorCodec {
  case float32
  case float16
  case bfloat16
  case int8
  case topK(TopKCodec)
  case sign

  private var codec: any VectorCodec {
    switch self {
    case .float32: Float32Codec()
    case .float16: Float16Codec()
    case .bfloat16: BFloat16Codec()
    case .int8: Int8Codec()
    case .topK(let codec): codec
    case .sign: SignCodec()
    }
  }

  public func byteCount(of count: Int) -> Int { codec.byteCount(of: count) }

  public func encode(
    _ numbers: [Float], using random: inout RandomStream
  ) throws(PayloadError) -> Data {
    try codec.encode(numbers, using: &random)
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try codec.decode(payload, count: count)
  }
}
