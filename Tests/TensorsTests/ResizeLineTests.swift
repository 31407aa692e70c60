import CKernels
import Tensors
import Testing

/// The resizing of a line of pixels.
struct ResizeLineTests {
  @Test func `each pixel is its weighted sum, rounded and clamped, on each level`() async {
    await #expect(processExitsWith: .success) {
      for level in BLAS.levels {
        try #require(flora_kernels_use(level))
        for channels in 1...4 {
          // A single tap, parts of a lane vector, whole ones, and all of them together.
          for count in [1, 3, 15, 16, 17, 33, 48, 97] {
            Self.expectWeightedSums(taps: count, channels, first: count % 3)
          }
        }
      }
    }
  }

  /// Two pixels, whose weights are large enough for sums below 0 and above 255, and within an Int32.
  private static func expectWeightedSums(taps count: Int, _ channels: Int, first: Int) {
    var state: UInt64 = 1
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return Int(state >> 33) % limit
    }
    let line = (0..<(count + 5) * channels).map { _ in UInt8(next(256)) }
    let one = 1 << Int(FLORA_RESIZE_FRACTION_BITS)
    let weights = (0..<2 * count).map { _ in Int32((next(3 * one) - one) / count) }
    let taps = [
      FloraTaps(start: first, count: count, first: 0),
      FloraTaps(start: first + 5, count: count, first: count),
    ]
    let repeated = weights.flatMap { repeatElement($0, count: channels) }
    var resized = [UInt8](repeating: 0, count: 2 * channels)
    flora_resize_line(&resized, line, first, repeated, taps, 2, channels)

    for (pixel, some) in taps.enumerated() {
      for channel in 0..<channels {
        var sum = one / 2
        for tap in 0..<count {
          let place = (some.start - first + tap) * channels + channel
          sum += Int(line[place]) * Int(weights[some.first + tap])
        }
        let expected = UInt8(clamping: sum >> Int(FLORA_RESIZE_FRACTION_BITS))
        #expect(resized[pixel * channels + channel] == expected, "\(count) taps, \(channels)")
      }
    }
  }
}
