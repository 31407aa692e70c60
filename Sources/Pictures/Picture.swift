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

  /// Reads a PNG or a JPEG file, told apart by their first bytes.
  ///
  /// The pixels are those that `transformers` 5 takes from Pillow: what is transparent is blended with
  /// white, where OpenAI's own code drops alpha; gamma, colour profiles and the orientation of a camera
  /// are ignored; and of 16-bit samples the high byte is kept, save that grey ones without alpha are
  /// clamped to 255.
  ///
  /// - Throws: `PictureError` where the file is missing, no regular file, unreadable, empty, neither
  ///   PNG nor JPEG, truncated, damaged, in CMYK, or larger than 64 MB or 100 megapixels. The two
  ///   limits are checked before memory is taken for what exceeds them.
  public init(file: URL) throws(PictureError) {
    let bytes = try PictureFile.contents(of: file)
    if PNGDecoder.recognises(bytes) {
      self = try PNGDecoder.decode(bytes, file)
    } else if JPEGDecoder.recognises(bytes) {
      self = try JPEGDecoder.decode(bytes, file)
    } else {
      throw PictureError(
        "\(file.path) is neither a PNG nor a JPEG picture, whatever its name; "
          + "convert it to one of the two.")
    }
  }
}
