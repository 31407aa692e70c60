/// A rectangle of an image's pixels, [rows, width, channels].
struct ImagePart {
  let pixels: UnsafeBufferPointer<UInt8>
  let width: Int
  let channels: Int

  /// The row and the column of the image that the part starts with.
  var top = 0
  var left = 0

  /// Where the pixel at `row` and `column` of the image starts in `pixels`.
  func position(row: Int, column: Int) -> Int {
    ((row - top) * width + column - left) * channels
  }
}
