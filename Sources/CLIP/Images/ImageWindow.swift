/// The square of a resized image that is kept.
struct ImageWindow {
  /// The size of the image as it comes.
  let sourceHeight: Int
  let sourceWidth: Int

  /// The size to which the whole image would be resized.
  let resizedHeight: Int
  let resizedWidth: Int

  /// Where the kept square starts in the resized image, and its edge.
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
  /// The order shows in the result, because the pixels between the two are rounded to 8 bits. Pillow
  /// 13 takes the height first where it loses more than twice as many pixels as the width; earlier
  /// versions never do.
  var resizesHeightFirst: Bool {
    let lostRows = sourceHeight - resizedHeight
    return lostRows > 0 && lostRows > 2 * (sourceWidth - resizedWidth)
  }
}
