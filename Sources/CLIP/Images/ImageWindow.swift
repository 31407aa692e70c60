/// The square crop of a resized image.
struct ImageWindow {
  /// The size of the input image.
  let sourceHeight: Int
  let sourceWidth: Int

  /// The size of the whole image after resizing.
  let resizedHeight: Int
  let resizedWidth: Int

  /// The origin of the crop in the resized image, and its edge.
  let top: Int
  let left: Int
  let size: Int

  init(height: Int, width: Int, size: Int, resize: ImageResizeRule) {
    sourceHeight = height
    sourceWidth = width
    (resizedHeight, resizedWidth) = resize.resized(height: height, width: width)
    self.size = size
    top = (resizedHeight - size) / 2
    left = (resizedWidth - size) / 2
  }

  var needsResampling: Bool { (sourceHeight, sourceWidth) != (resizedHeight, resizedWidth) }

  /// Whether the height is resized before the width.
  ///
  /// The order affects the result because intermediate pixels are rounded to 8 bits. Pillow 13
  /// resizes the height first if it shrinks by more than twice as many pixels as the width; earlier
  /// versions never do.
  var resizesHeightFirst: Bool {
    let lostRows = sourceHeight - resizedHeight
    return lostRows > 0 && lostRows > 2 * (sourceWidth - resizedWidth)
  }
}
