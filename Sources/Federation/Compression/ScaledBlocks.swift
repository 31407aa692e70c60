import Foundation

/// How a vector is cut into blocks that have a float32 scale each, which goes before the block's bytes.
///
/// A block has 512 numbers, the last what is left. One scale for a whole update would be set by its
/// largest number, and layers differ by orders of magnitude; a scale for each 512 numbers, the bucket
/// length of QSGD's experiments (Alistarh et al., arXiv 1610.02132), adds a sixteenth of a bit to each
/// number.
enum ScaledBlocks {
  static let length = 512

  static func ranges(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }

  /// A payload's blocks with their scales.
  ///
  /// - Parameters:
  ///   - payload: of the right length.
  ///   - byteCount: how many bytes follow on the scale of a block of some length.
  static func read(
    _ payload: Data, count: Int, byteCount: (Int) -> Int
  ) throws(PayloadError) -> [(range: Range<Int>, scale: Float, bytes: Data)] {
    var rest = payload[...]
    var blocks: [(Range<Int>, Float, Data)] = []
    for range in ranges(of: count) {
      let scale = rest.prefix(4).littleEndianFloats[0]
      guard scale.isFinite, scale.sign == .plus else { throw .scale(block: blocks.count) }
      rest = rest.dropFirst(4)
      let bytes = byteCount(range.count)
      blocks.append((range, scale, rest.prefix(bytes)))
      rest = rest.dropFirst(bytes)
    }
    return blocks
  }
}
