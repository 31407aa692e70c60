// A separate resize step, for caching images at the model's size.
extension ImagePreprocessor {
  /// Resizes an image and crops its centre: the first two steps of `process`.
  ///
  /// - Parameters:
  ///   - pixels: [height, width, channels], with interleaved channels.
  ///   - channels: 1 or 3.
  /// - Returns: [size, size, channels]; `forResizedImages` converts it to the result of `process`
  ///   for `pixels`.
  /// - Precondition: the number of `pixels` matches the other parameters.
  public func resized(
    _ pixels: [UInt8], height: Int, width: Int, channels: Int
  ) -> [UInt8] {
    var resizer = ImageResizer(self)
    return resizer.resized(pixels, height: height, width: width, channels: channels)
  }

  /// A preprocessor for images that are already resized.
  public var forResizedImages: ImagePreprocessor {
    ImagePreprocessor(
      size: size, resize: .exact(height: size, width: size), mean: mean,
      standardDeviation: standardDeviation, rescaleFactor: rescaleFactor)
  }
}
