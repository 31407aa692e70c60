import Foundation
import Randomness

/// The signs of the numbers, one bit each, with their mean magnitude per block.
///
/// x is decoded as |block|_1 / n times sign(x), where zero counts as positive (scaled sign:
/// Karimireddy et al., arXiv 1901.09847). Biased; meant for use with `ErrorFeedback`. A set bit is
/// a minus, the least significant bit comes first, and each block starts at a byte.
public struct SignCodec: VectorCodec {
  public init() {}

  public func byteCount(of count: Int) -> Int {
    ScaledBlocks.ranges(of: count).reduce(0) { $0 + 4 + BitSet.byteCount(of: $1.count) }
  }

  public func encode(
    _ numbers: [Float], using random: inout RandomStream
  ) throws(PayloadError) -> Data {
    try checkFinite(numbers)
    var payload: [UInt8] = []
    payload.reserveCapacity(byteCount(of: numbers.count))
    for range in ScaledBlocks.ranges(of: numbers.count) {
      let sum = numbers[range].reduce(0.0) { $0 + Double($1.magnitude) }
      payload += Float(sum / Double(range.count)).littleEndianBytes
      var minuses = BitSet(count: range.count)
      for (bit, number) in numbers[range].enumerated() where number < 0 { minuses.insert(bit) }
      payload += minuses.bytes
    }
    return Data(payload)
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try checkLength(payload, count: count)
    return try ScaledBlocks.read(payload, count: count, byteCount: BitSet.byteCount).flatMap {
      block in
      let minuses = BitSet(bytes: [UInt8](block.bytes))
      return (0..<block.range.count).map { minuses.contains($0) ? -block.scale : block.scale }
    }
  }
}
