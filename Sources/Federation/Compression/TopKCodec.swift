import Foundation
import Randomness

/// The k numbers with the largest magnitudes in full precision; the others are decoded as zero.
///
/// Aji and Heafield, "Sparse Communication for Distributed Gradient Descent", arXiv 1704.05021.
/// Ties go to the lower index. Biased; meant for use with `ErrorFeedback`.
///
/// A payload contains the kept positions followed by the kept numbers as float32, in ascending
/// order of position. The positions are a bitmap or a list of indices, each with as many whole
/// bytes as the last index needs, whichever is shorter. This depends only on the two counts.
public struct TopKCodec: VectorCodec {
  /// The share of numbers to keep, above 0 and at most 1.
  public let fraction: Double

  public init(fraction: Double) {
    precondition(fraction > 0 && fraction <= 1, "a share of a vector is above 0 and at most 1")
    self.fraction = fraction
  }

  /// k: the fraction of `count`, rounded to nearest, but at least one.
  public func kept(of count: Int) -> Int {
    min(count, max(1, Int((fraction * Double(count)).rounded())))
  }

  public func byteCount(of count: Int) -> Int {
    let kept = kept(of: count)
    return min(Self.bitmapBytes(count), Self.listBytes(kept, of: count)) + 4 * kept
  }

  public func encode(
    _ numbers: [Float], using random: inout RandomStream
  ) throws(PayloadError) -> Data {
    try checkFinite(numbers)
    let positions = Self.largest(kept(of: numbers.count), of: numbers)
    return Self.encode(positions, count: numbers.count)
      + Data(littleEndian: positions.map { numbers[$0] })
  }

  public func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float] {
    try checkLength(payload, count: count)
    let kept = kept(of: count)
    let positions = Self.decodePositions(payload.dropLast(4 * kept), kept: kept, count: count)
    guard positions.count == kept, positions.last ?? 0 < max(count, 1),
      zip(positions, positions.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw .positions(kept: kept) }
    var numbers = [Float](repeating: 0, count: count)
    for (position, number) in zip(positions, payload.suffix(4 * kept).littleEndianFloats) {
      numbers[position] = number
      guard numbers[position].isFinite else { throw .notFinite(index: position) }
    }
    return numbers
  }

  // MARK: Positions

  private static func bitmapBytes(_ count: Int) -> Int { BitSet.byteCount(of: count) }

  private static func listBytes(_ kept: Int, of count: Int) -> Int { kept * indexBytes(count) }

  /// The whole bytes that the last index needs.
  private static func indexBytes(_ count: Int) -> Int {
    (Int.bitWidth - max(count - 1, 1).leadingZeroBitCount + 7) / 8
  }

  private static func encode(_ positions: [Int], count: Int) -> Data {
    guard listBytes(positions.count, of: count) < bitmapBytes(count) else {
      var bitmap = BitSet(count: count)
      for position in positions { bitmap.insert(position) }
      return Data(bitmap.bytes)
    }
    let width = indexBytes(count)
    return Data(
      positions.flatMap { position in
        (0..<width).map { UInt8(truncatingIfNeeded: position >> (8 * $0)) }
      })
  }

  private static func decodePositions(_ bytes: Data, kept: Int, count: Int) -> [Int] {
    let bytes = [UInt8](bytes)
    guard listBytes(kept, of: count) < bitmapBytes(count) else {
      return BitSet(bytes: bytes).members
    }
    let width = indexBytes(count)
    return (0..<kept).map { index in
      (0..<width).reduce(0) { $0 | Int(bytes[index * width + $1]) << (8 * $1) }
    }
  }

  // MARK: Selection

  /// The positions of the `kept` largest magnitudes, in ascending order. Linear in the length.
  static func largest(_ kept: Int, of numbers: [Float]) -> [Int] {
    guard kept < numbers.count else { return Array(numbers.indices) }
    // Magnitudes are ordered like their bits, so this finds the bits of the `kept`-th one: first
    // the upper half, then the lower.
    let upper = rank(kept, of: numbers.lazy.map { $0.magnitude.bitPattern >> 16 })
    let lower = rank(
      kept - upper.above,
      of: numbers.lazy.map(\.magnitude.bitPattern).filter { $0 >> 16 == upper.value }
        .map { $0 & 0xffff })
    let threshold = upper.value << 16 | lower.value
    var ties = kept - upper.above - lower.above
    return numbers.indices.filter { index in
      let bits = numbers[index].magnitude.bitPattern
      guard bits == threshold else { return bits > threshold }
      ties -= 1
      return ties >= 0
    }
  }

  /// The value with `rank` values at or above it, and the number of values above it.
  private static func rank(
    _ rank: Int, of halves: some Sequence<UInt32>
  ) -> (value: UInt32, above: Int) {
    var counts = [Int](repeating: 0, count: 1 << 16)
    for half in halves { counts[Int(half)] += 1 }
    var above = 0
    var value = counts.count - 1
    while above + counts[value] < rank {
      above += counts[value]
      value -= 1
    }
    return (UInt32(value), above)
  }
}
