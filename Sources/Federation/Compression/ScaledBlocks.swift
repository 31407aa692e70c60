import Foundation

/// Splits a vector into blocks, each with a float32 scale that precedes the block's bytes.
///
/// A block has 512 numbers; the last one may be shorter. A single scale for an update would be
/// determined by its largest number, and layers differ by orders of magnitude. A scale per 512
/// numbers, the bucket length of QSGD's experiments (Alistarh et al., arXiv 1610.02132), adds a
/// sixteenth of a bit per number.
enum ScaledBlocks {
  static let length = 512

  static func ranges(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }

  /// Reads a payload's blocks with their scales.
  ///
  /// - Parameters:
  ///   - payload: must have the right length.
  ///   - byteCount: the number of bytes after the scale for a block of a given length.
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
