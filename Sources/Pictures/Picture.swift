import Foundation

/// A picture in 8-bit RGB.
public struct Picture: Sendable, Equatable {
  /// The number of rows.
  public let height: Int

  /// The number of pixels per row.
  public let width: Int

  /// The red, green and blue of each pixel from 0 to 255: [height, width, 3] in row-major order.
  public let pixels: [UInt8]

  /// - Precondition: `height` and `width` are positive and there are `height * width * 3` values.
  public init(height: Int, width: Int, pixels: [UInt8]) {
    precondition(height > 0 && width > 0, "a picture has at least one pixel")
    precondition(pixels.count == height * width * 3, "pixels are [height, width, 3]")
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// Reads a PNG, JPEG, WebP, GIF, TIFF or BMP file, identified by its first bytes.
  ///
  /// The pixels match those that `transformers` 5 gets from Pillow. Transparency is blended with
  /// white, where OpenAI's own code drops alpha. Gamma, colour profiles and camera orientation are
  /// ignored, except the orientation of a TIFF file. Only the first frame of an animation is read.
  /// 16-bit samples keep their high byte, except that grey ones without alpha are clamped to 255.
  ///
  /// - Throws: `PictureError` if the file is missing, not a regular file, unreadable, empty, of an
  ///   unsupported format, truncated, damaged, in CMYK, a rare variant of TIFF or BMP, or larger
  ///   than 64 MB or 100 megapixels. The two limits are checked before allocating memory.
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
