import Foundation

/// A picture in 8-bit red, green and blue.
public struct Picture: Sendable, Equatable {
  /// The rows of pixels.
  public let height: Int

  /// The pixels of a row.
  public let width: Int

  /// Red, green and blue of each pixel from 0 to 255: [height, width, 3] in row-major order.
  public let pixels: [UInt8]

  /// - Precondition: the sides are positive and there are `height * width * 3` values.
  public init(height: Int, width: Int, pixels: [UInt8]) {
    precondition(height > 0 && width > 0, "a picture has at least one pixel")
    precondition(pixels.count == height * width * 3, "pixels are [height, width, 3]")
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// Reads a PNG, JPEG, WebP, GIF, TIFF or BMP file, told apart by their first bytes.
  ///
  /// The pixels are those that `transformers` 5 takes from Pillow: what is transparent is blended with
  /// white, where OpenAI's own code drops alpha; gamma, colour profiles and the orientation of a camera
  /// are ignored, but not that of a TIFF file; of animations the first frame is taken; and of 16-bit samples the
  /// high byte is kept, save that grey ones without alpha are clamped to 255.
  ///
  /// - Throws: `PictureError` where the file is missing, no regular file, unreadable, empty, of no kind
  ///   that is read, truncated, damaged, in CMYK, of a rare form of TIFF or BMP, or larger than 64 MB or
  ///   100 megapixels. The two limits are checked before memory is taken for what exceeds them.
  public init(file: URL) throws(PictureError) {
    let bytes = try PictureFile.contents(of: file)
    if let decoder = CPictureDecoder.decoder(of: bytes) {
      self = try decoder.decode(bytes, file)
    } else if JPEGDecoder.recognises(bytes) {
      self = try JPEGDecoder.decode(bytes, file)
    } else if BMPDecoder.recognises(bytes) {
      self = try BMPDecoder.decode(bytes, file)
    } else {
      throw PictureError(
        "\(file.path) is not a PNG, JPEG, WebP, GIF, TIFF or BMP picture, despite its name; "
          + "convert it to one of them.")
    }
  }
}
