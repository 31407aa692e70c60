import CPictures
import Foundation

/// Decodes PNG pictures with libpng.
enum PNGDecoder {
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  }

  static func decode(_ bytes: [UInt8], _ file: URL) throws(PictureError) -> Picture {
    var message = [CChar](repeating: 0, count: FLORA_PNG_MESSAGE_SIZE)
    var (height, width): (UInt32, UInt32) = (0, 0)
    guard flora_png_read_size(bytes, bytes.count, &height, &width, &message) else {
      throw PictureFile.damaged(file, "PNG", words(message))
    }
    let (rows, columns) = (Int(height), Int(width))
    try PictureFile.check(height: rows, width: columns, file)
    var pixels = [UInt8](repeating: 0, count: rows * columns * 3)
    guard flora_png_read_pixels(bytes, bytes.count, &pixels, &message) else {
      throw PictureFile.damaged(file, "PNG", words(message))
    }
    return Picture(height: rows, width: columns, pixels: pixels)
  }

  private static func words(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
