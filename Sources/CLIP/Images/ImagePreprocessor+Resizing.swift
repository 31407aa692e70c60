// Resizing apart from the rest, for images that are kept at the model's size.
extension ImagePreprocessor {
  /// Resizes an image and cuts out its centre, as the first two steps of processing it are.
  ///
  /// - Parameters:
  ///   - pixels: [height, width, channels], the channels of a pixel side by side.
  ///   - channels: 1 or 3.
  /// - Returns: [size, size, channels]; `forResizedImages` makes of it what `process` makes of `pixels`.
  /// - Precondition: `pixels` has the count that the other parameters say.
  public func resized(
    _ pixels: [UInt8], height: Int, width: Int, channels: Int
  ) -> [UInt8] {
    precondition(channels == 1 || channels == 3, "an image has one channel or three")
    precondition(height > 0 && width > 0, "an image has at least one pixel")
    precondition(pixels.count == height * width * channels, "pixels are [height, width, channels]")
    let window = ImageWindow(height: height, width: width, size: size, resize: resize)
    var result: [UInt8] = []
    if window.needsResampling {
      var resampler = ImageResampler(window, channels: channels)
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

  /// The same but for the resize, of which nothing is left to do.
  public var forResizedImages: ImagePreprocessor {
    ImagePreprocessor(
      size: size, resize: .exact(height: size, width: size), mean: mean,
      standardDeviation: standardDeviation, rescaleFactor: rescaleFactor)
  }
}
