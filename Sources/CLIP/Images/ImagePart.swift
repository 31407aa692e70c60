/// A rectangular part of an image, [rows, width, channels].
struct ImagePart {
  let pixels: UnsafeBufferPointer<UInt8>
  let width: Int
  let channels: Int

  /// The first row and column of the part within the image.
  var top = 0
  var left = 0

  /// The index in `pixels` of the image's pixel at `row` and `column`.
  func position(row: Int, column: Int) -> Int {
    ((row - top) * width + column - left) * channels
  }
}
