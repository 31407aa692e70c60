/// Resamples a window of many images of equal size.
///
/// Resizes one direction after the other with 8-bit intermediate values, like Pillow, and computes
/// only what the window needs. Reuses its scratch memory for all images.
struct ImageResampler {
  /// The resampling weights of a window for both directions.
  struct Taps {
    let horizontal: BicubicWeights
    let vertical: BicubicWeights

    init(_ window: ImageWindow, channels: Int) {
      horizontal = BicubicWeights(
        source: window.sourceWidth, resized: window.resizedWidth,
        kept: window.left..<window.left + window.size, channels: channels)
      vertical = BicubicWeights(
        source: window.sourceHeight, resized: window.resizedHeight,
        kept: window.top..<window.top + window.size)
    }
  }

  private let window: ImageWindow
  private let channels: Int
  private let horizontal: BicubicWeights
  private let vertical: BicubicWeights
  private var between: [UInt8]
  private var result: [UInt8]

  /// - Parameter taps: the weights for `window`; nil to compute them.
  init(_ window: ImageWindow, channels: Int, _ taps: Taps? = nil) {
    self.window = window
    self.channels = channels
    let taps = taps ?? Taps(window, channels: channels)
    horizontal = taps.horizontal
    vertical = taps.vertical
    let sources = window.resizesHeightFirst ? horizontal.sourceRange : vertical.sourceRange
    between = [UInt8](repeating: 0, count: sources.count * window.size * channels)
    result = [UInt8](repeating: 0, count: window.size * window.size * channels)
  }

  /// Passes the window of `image`, [height, width, channels], to `use` as [size, size, channels].
  mutating func resample(
    _ image: UnsafeBufferPointer<UInt8>, _ use: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    let (window, channels, horizontal, vertical) = (window, channels, horizontal, vertical)
    let (rows, columns) = (vertical.sourceRange, horizontal.sourceRange)
    let whole = ImagePart(pixels: image, width: window.sourceWidth, channels: channels)
    between.withUnsafeMutableBufferPointer { between in
      let pixels = UnsafeBufferPointer(between)
      result.withUnsafeMutableBufferPointer { result in
        if window.resizesHeightFirst {
          vertical.resizeHeight(of: whole, columns: columns, into: between)
          let low = ImagePart(
            pixels: pixels, width: columns.count, channels: channels, left: columns.lowerBound)
          horizontal.resizeWidth(of: low, rows: 0..<window.size, into: result)
        } else {
          horizontal.resizeWidth(of: whole, rows: rows, into: between)
          let narrow = ImagePart(
            pixels: pixels, width: window.size, channels: channels, top: rows.lowerBound)
          vertical.resizeHeight(of: narrow, columns: 0..<window.size, into: result)
        }
      }
    }
    result.withUnsafeBufferPointer(use)
  }
}
