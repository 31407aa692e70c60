/// Resizes images of different sizes like `ImagePreprocessor.resized`.
///
/// Caches the taps of each size, which take as long to compute as resampling a small image.
package struct ImageResizer {
  /// The maximum number of cached sizes; a folder of photos has a dozen sizes, one of cut-outs a
  /// new one for each image.
  private static let mostSizes = 64

  private let preprocessor: ImagePreprocessor
  private var taps: [Size: ImageResampler.Taps] = [:]

  private struct Size: Hashable {
    let height: Int
    let width: Int
    let channels: Int
  }

  package init(_ preprocessor: ImagePreprocessor) {
    self.preprocessor = preprocessor
  }

  /// Resizes an image and crops its centre.
  ///
  /// - Parameters:
  ///   - pixels: [height, width, channels], with interleaved channels.
  ///   - channels: 1 or 3.
  /// - Returns: [size, size, channels].
  /// - Precondition: the number of `pixels` matches the other parameters.
  package mutating func resized(
    _ pixels: [UInt8], height: Int, width: Int, channels: Int
  ) -> [UInt8] {
    precondition(channels == 1 || channels == 3, "an image has one channel or three")
    precondition(height > 0 && width > 0, "an image has at least one pixel")
    precondition(pixels.count == height * width * channels, "pixels are [height, width, channels]")
    let size = preprocessor.size
    let window = ImageWindow(height: height, width: width, size: size, resize: preprocessor.resize)
    var result: [UInt8] = []
    if window.needsResampling {
      var resampler = ImageResampler(
        window, channels: channels, taps(of: window, channels: channels))
      pixels.withUnsafeBufferPointer { pixels in
        resampler.resample(pixels) { result = Array($0) }
      }
    } else {
      result.reserveCapacity(size * size * channels)
      for row in window.top..<window.top + size {
        let start = (row * width + window.left) * channels
        result += pixels[start..<start + size * channels]
      }
    }
    return result
  }

  private mutating func taps(of window: ImageWindow, channels: Int) -> ImageResampler.Taps {
    let size = Size(
      height: window.sourceHeight, width: window.sourceWidth, channels: channels)
    if let known = taps[size] { return known }
    if taps.count == Self.mostSizes { taps.removeAll(keepingCapacity: true) }
    let new = ImageResampler.Taps(window, channels: channels)
    taps[size] = new
    return new
  }
}
