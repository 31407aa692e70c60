import CCairo
import Foundation
import Randomness

/// A picture of one thing on a transparent background, read from a file.
public struct CutOutPicture: Sendable {
  public let width: Int
  public let height: Int
  /// Premultiplied alpha, red, green and blue from the highest to the lowest byte: [height, width].
  private let words: [UInt32]

  /// Reads a PNG file.
  ///
  /// - Throws: `CutOutPictureError` if the file is missing, not a PNG, or larger than 1024 pixels
  ///   per side.
  public init(file: URL) throws(CutOutPictureError) {
    let surface = cairo_image_surface_create_from_png(file.path)
    defer { cairo_surface_destroy(surface) }
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw CutOutPictureError(
        "\(file.path) cannot be read as a PNG picture: \(String(cString: cairo_status_to_string(status)))."
      )
    }
    let (width, height) = (
      Int(cairo_image_surface_get_width(surface)), Int(cairo_image_surface_get_height(surface))
    )
    guard (1...Self.largestSide).contains(width), (1...Self.largestSide).contains(height) else {
      throw CutOutPictureError(
        "\(file.path) has \(width) x \(height) pixels; at most \(Self.largestSide) per side are supported."
      )
    }
    let isOpaque = cairo_image_surface_get_format(surface) == CAIRO_FORMAT_RGB24
    guard isOpaque || cairo_image_surface_get_format(surface) == CAIRO_FORMAT_ARGB32 else {
      throw CutOutPictureError(
        "\(file.path) has more than 8 bits per channel; convert it to 8 bits.")
    }
    cairo_surface_flush(surface)
    let stride = Int(cairo_image_surface_get_stride(surface))
    guard let data = cairo_image_surface_get_data(surface) else {
      preconditionFailure("an image surface has pixels")
    }
    var words: [UInt32] = []
    words.reserveCapacity(width * height)
    for row in 0..<height {
      let line = UnsafeRawPointer(data + row * stride)
      for column in 0..<width {
        let word = line.load(fromByteOffset: 4 * column, as: UInt32.self)
        words.append(isOpaque ? word | 0xff00_0000 : word)
      }
    }
    self.width = width
    self.height = height
    self.words = words
  }

  private static let largestSide = 1024

  /// Renders the thing in a picture of `imageSize` pixels per side with the augmentations of
  /// training drawings: rotated, shifted, recoloured, on a background, and degraded. A pure
  /// function of the random numbers.
  ///
  /// - Returns: the red, green and blue of each pixel, [imageSize, imageSize, 3], and whether they
  ///   are all grey.
  public func staged(
    imageSize: Int, using random: inout RandomStream
  ) -> (pixels: [UInt8], isGrey: Bool) {
    staged(.random(fillsPicture: true, using: &random), imageSize: imageSize, using: &random)
  }

  /// Renders the thing unchanged in the centre of a white background.
  public func plain(imageSize: Int) -> [UInt8] {
    var random = RandomStream(seed: 0, purpose: "plain picture")
    var staging = Staging.plain
    staging.ground = Ground(top: .white, bottom: .white)
    return staged(staging, imageSize: imageSize, using: &random).pixels
  }

  private func staged(
    _ staging: Staging, imageSize: Int, using random: inout RandomStream
  ) -> (pixels: [UInt8], isGrey: Bool) {
    var staging = staging
    let canvas = Canvas(size: imageSize * Canvas.fineness)
    canvas.paint(self, placed: staging.placement)
    var thing = canvas.cutOut(shrunkBy: Canvas.fineness)
    let picture = staging.picture(of: &thing, using: &random)
    return (picture.bytes, picture.isGrey)
  }

  /// Runs `body` with the picture as a Cairo surface, which must not escape.
  func withSurface(_ body: (OpaquePointer) -> Void) {
    words.withUnsafeBytes { bytes in
      // Cairo reads a source and never writes to it.
      let data = UnsafeMutablePointer(
        mutating: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
      let surface = cairo_image_surface_create_for_data(
        data, CAIRO_FORMAT_ARGB32, Int32(width), Int32(height), Int32(4 * width))!
      body(surface)
      cairo_surface_finish(surface)
      cairo_surface_destroy(surface)
    }
  }
}
