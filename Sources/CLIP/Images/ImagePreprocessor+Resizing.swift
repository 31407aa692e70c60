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
    var resizer = ImageResizer(self)
    return resizer.resized(pixels, height: height, width: width, channels: channels)
  }

  /// The same but for the resize, of which nothing is left to do.
  public var forResizedImages: ImagePreprocessor {
    ImagePreprocessor(
      size: size, resize: .exact(height: size, width: size), mean: mean,
      standardDeviation: standardDeviation, rescaleFactor: rescaleFactor)
  }
}
