/// Converts 8-bit images to the input of CLIP's vision tower, like Hugging Face's
/// `CLIPImageProcessor` with Pillow: resize (bicubic, antialiased), centre crop, rescale,
/// normalise.
///
/// Resampled pixels are bit-identical to Pillow 13; an image that already has the target size is
/// not resampled.
public struct ImagePreprocessor: Sendable, Equatable {
  /// The means of red, green and blue over OpenAI's training images.
  public static let defaultMean: [Float] = [0.48145466, 0.4578275, 0.40821073]

  /// The standard deviations of red, green and blue over OpenAI's training images.
  public static let defaultStandardDeviation: [Float] = [0.26862954, 0.26130258, 0.27577711]

  /// The height and width of the output.
  public let size: Int

  public let resize: ImageResizeRule
  public let mean: [Float]
  public let standardDeviation: [Float]

  /// The factor applied to pixel values before normalisation.
  public let rescaleFactor: Double

  /// The output for each pixel value, channel by channel: [3, 256].
  let levels: [Float]

  /// - Parameters:
  ///   - size: the height and width of the output.
  ///   - resize: the size before the centre crop; nil for a shortest edge of `size`.
  /// - Precondition: the sizes are positive, the resized image covers the output, and there are
  ///   three means and three positive standard deviations.
  public init(
    size: Int = 224, resize: ImageResizeRule? = nil, mean: [Float] = Self.defaultMean,
    standardDeviation: [Float] = Self.defaultStandardDeviation, rescaleFactor: Double = 1 / 255
  ) {
    let resize = resize ?? .shortestEdge(size)
    precondition(size > 0 && resize.shortestEdge >= size, "the resized image covers the output")
    precondition(mean.count == 3 && standardDeviation.count == 3, "one number for each channel")
    precondition(standardDeviation.allSatisfy { $0 > 0 }, "standard deviations are positive")
    self.size = size
    self.resize = resize
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.rescaleFactor = rescaleFactor
    levels = (0..<3).flatMap { channel in
      (0..<256).map { value in
        (Float(Double(value) * rescaleFactor) - mean[channel]) / standardDeviation[channel]
      }
    }
  }

  /// The number of values of a processed image: 3 channels of `size` by `size`.
  public var outputCount: Int { 3 * size * size }

  /// Processes `count` images of equal size.
  ///
  /// - Parameters:
  ///   - pixels: [count, height, width, channels], with interleaved channels.
  ///   - channels: 3 for RGB; 1 for grey, which is copied to all three channels.
  /// - Returns: [count, 3, size, size].
  /// - Precondition: the number of `pixels` matches the other parameters.
  public func process(
    _ pixels: [UInt8], count: Int = 1, height: Int, width: Int, channels: Int
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * outputCount) { output, initialized in
      pixels.withUnsafeBufferPointer {
        process($0, count: count, height: height, width: width, channels: channels, into: output)
      }
      initialized = count * outputCount
    }
  }

  /// Like `process(_:count:height:width:channels:)`, but overwrites the given memory for
  /// `count * outputCount` values.
  package func process(
    _ pixels: UnsafeBufferPointer<UInt8>, count: Int, height: Int, width: Int, channels: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(channels == 1 || channels == 3, "an image has one channel or three")
    precondition(height > 0 && width > 0, "an image has at least one pixel")
    let imageCount = height * width * channels
    precondition(pixels.count == count * imageCount, "pixels are [count, height, width, channels]")
    precondition(output.count >= count * outputCount, "the output is [count, 3, size, size]")
    if count == 0 { return }

    let window = ImageWindow(height: height, width: width, size: size, resize: resize)
    var resampler = window.needsResampling ? ImageResampler(window, channels: channels) : nil
    for image in 0..<count {
      let source = UnsafeBufferPointer(rebasing: pixels.dropFirst(image * imageCount))
      let target = UnsafeMutableBufferPointer(rebasing: output.dropFirst(image * outputCount))
      if resampler == nil {
        let start = (window.top * width + window.left) * channels
        normalize(source, from: start, stride: width * channels, channels: channels, into: target)
      } else {
        resampler!.resample(source) { resampled in
          normalize(resampled, from: 0, stride: size * channels, channels: channels, into: target)
        }
      }
    }
  }

  /// Writes `size` by `size` pixels from `start`, with `stride` bytes between rows, as three
  /// normalised planes.
  private func normalize(
    _ pixels: UnsafeBufferPointer<UInt8>, from start: Int, stride: Int, channels: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    levels.withUnsafeBufferPointer { levels in
      for plane in 0..<3 {
        let channel = channels == 1 ? 0 : plane
        for y in 0..<size {
          var position = start + y * stride + channel
          let row = (plane * size + y) * size
          for x in 0..<size {
            output[row + x] = levels[plane << 8 + Int(pixels[position])]
            position += channels
          }
        }
      }
    }
  }
}
