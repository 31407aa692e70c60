import CKernels
import Foundation

/// The source pixels and weights of each kept pixel of a resized line.
///
/// The kernel is the cubic convolution with a = -1/2 (Keys, "Cubic Convolution Interpolation for
/// Digital Image Processing", 1981), stretched by the ratio when downsampling, so that every source
/// pixel counts. The weights are in Pillow's fixed-point format, so that 8-bit results are
/// bit-identical.
struct BicubicWeights {
  /// The number of fraction bits of a weight.
  static let fractionBits = Int(FLORA_RESIZE_FRACTION_BITS)

  private(set) var taps: [FloraTaps] = []
  /// Each weight once for every interleaved channel.
  private(set) var weights: [Int32] = []

  /// - Parameters:
  ///   - source: the number of pixels of the input line.
  ///   - resized: the number of pixels of the whole resized line.
  ///   - kept: the pixels of the resized line to compute.
  ///   - channels: the interleaved channels for `resizeWidth`; 1 for `resizeHeight`.
  init(source: Int, resized: Int, kept: Range<Int>, channels: Int = 1) {
    let scale = Double(source) / Double(resized)
    let stretch = max(scale, 1)
    let support = 2 * stretch
    for place in kept {
      let center = (Double(place) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), source)
      let values = (start..<end).map {
        Self.kernel((Double($0) - center + 0.5) * (1 / stretch))
      }
      let sum = values.reduce(0, +)
      taps.append(FloraTaps(start: start, count: end - start, first: weights.count / channels))
      for value in values {
        weights += repeatElement(Self.fixedPoint(value / sum), count: channels)
      }
    }
  }

  /// The range of source pixels that the kept pixels depend on.
  var sourceRange: Range<Int> {
    let last = taps[taps.count - 1]
    return taps[0].start..<last.start + last.count
  }

  private static func kernel(_ distance: Double) -> Double {
    let a = -0.5
    let x = abs(distance)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  private static func fixedPoint(_ weight: Double) -> Int32 {
    let scaled = weight * Double(1 << fractionBits)
    return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
  }
}
