import CPictures
import Foundation

/// A C library that decodes one picture format.
struct CPictureDecoder {
  typealias SizeReader = (
    UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt32>?,
    UnsafeMutablePointer<CChar>?
  ) -> flora_picture_status
  typealias PixelReader = (
    UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CChar>?
  ) -> flora_picture_status

  /// The name of the format.
  let kind: String
  let recognises: ([UInt8]) -> Bool
  private let readSize: SizeReader
  private let readPixels: PixelReader

  /// The decoder for these bytes; nil if none of the libraries supports the format.
  static func decoder(of bytes: [UInt8]) -> Self? {
    all.first { $0.recognises(bytes) }
  }

  private static var all: [Self] {
    [
      Self(
        kind: "PNG", recognises: { $0.starts(with: [0x89, 0x50, 0x4e, 0x47, 13, 10, 0x1a, 10]) },
        readSize: flora_png_read_size, readPixels: flora_png_read_pixels),
      Self(
        kind: "WebP",
        recognises: { $0.starts(with: "RIFF".utf8) && $0.dropFirst(8).starts(with: "WEBP".utf8) },
        readSize: flora_webp_read_size, readPixels: flora_webp_read_pixels),
      Self(
        kind: "GIF",
        recognises: { $0.starts(with: "GIF87a".utf8) || $0.starts(with: "GIF89a".utf8) },
        readSize: flora_gif_read_size, readPixels: flora_gif_read_pixels),
      Self(
        kind: "TIFF",
        recognises: { bytes in
          // Classic and BigTIFF, in either byte order.
          ["II*\0", "MM\0*", "II+\0", "MM\0+"].contains { bytes.starts(with: $0.utf8) }
        },
        readSize: flora_tiff_read_size, readPixels: flora_tiff_read_pixels),
    ]
  }

  func decode(_ bytes: [UInt8], _ file: URL) throws(PictureError) -> Picture {
    var message = [CChar](repeating: 0, count: FLORA_PICTURE_MESSAGE_SIZE)
    var (height, width): (UInt32, UInt32) = (0, 0)
    try check(readSize(bytes, bytes.count, &height, &width, &message), message, file)
    let (rows, columns) = (Int(height), Int(width))
    guard rows > 0, columns > 0 else { throw PictureFile.damaged(file, kind, "it has no pixels") }
    try PictureFile.check(height: rows, width: columns, file)
    var status = FLORA_PICTURE_DAMAGED
    let pixels = [UInt8](unsafeUninitializedCapacity: rows * columns * 3) { pixels, count in
      status = readPixels(bytes, bytes.count, pixels.baseAddress, &message)
      // Do not expose undefined pixels.
      count = status == FLORA_PICTURE_READ ? pixels.count : 0
    }
    try check(status, message, file)
    return Picture(height: rows, width: columns, pixels: pixels)
  }

  private func check(
    _ status: flora_picture_status, _ message: [CChar], _ file: URL
  ) throws(PictureError) {
    let words = String(
      decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    switch status {
    case FLORA_PICTURE_READ: return
    case FLORA_PICTURE_UNSUPPORTED:
      throw PictureError("\(file.path) is a \(kind) picture \(words); convert it to PNG.")
    default: throw PictureFile.damaged(file, kind, words)
    }
  }
}
