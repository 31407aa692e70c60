import Foundation
import Randomness

/// Eight-bit levels with a scale per block and stochastic rounding, which preserves the mean.
///
/// With s the smallest float for which 127 s reaches the block's largest magnitude, x / s is
/// rounded down or, with the probability of its fractional part, up: an unbiased estimate with an
/// error below one level (as in QSGD, Alistarh et al., arXiv 1610.02132, with the largest magnitude
/// as the norm).
public struct Int8Codec: VectorCodec {
  public init() {}

  public func byteCount(of count: Int) -> Int { count + 4 * ScaledBlocks.ranges(of: count).count }

  public func encode(
    _ numbers: [Float], using random: inout RandomStream
  ) throws(PayloadError) -> Data {
    try checkFinite(numbers)
    var payload: [UInt8] = []
    payload.reserveCapacity(byteCount(of: numbers.count))
    for range in ScaledBlocks.ranges(of: numbers.count) {
      let scale = Self.scale(largest: numbers[range].lazy.map(\.magnitude).max() ?? 0)
      payload += scale.littleEndianBytes
      let step = scale == 0 ? 1 : Double(scale)
      for number in numbers[range] {
        let exact = Double(number) / step
        let below = exact.rounded(.down)
        let level = random.uniform() < exact - below ? below + 1 : below
        payload.append(UInt8(bitPattern: Int8(level)))
      }
    }
    return Data(payload)
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try checkLength(payload, count: count)
    var numbers: [Float] = []
    numbers.reserveCapacity(count)
    for block in try ScaledBlocks.read(payload, count: count, byteCount: { $0 }) {
      for byte in block.bytes {
        let level = Int8(bitPattern: byte)
        guard level != .min else { throw .level(index: numbers.count) }
        numbers.append(block.scale * Float(level))
      }
    }
    return numbers
  }

  /// The smallest float of which 127 times reaches `largest`, so that no number exceeds the last
  /// level.
  private static func scale(largest: Float) -> Float {
    let scale = largest / 127
    return 127 * Double(scale) < Double(largest) ? scale.nextUp : scale
  }
}
