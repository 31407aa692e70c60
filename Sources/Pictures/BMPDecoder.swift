import Foundation

/// Decodes uncompressed BMP pictures: 24 and 32 bits, and 1, 4 and 8 bits with a palette.
///
/// As in Pillow, the fourth byte of 32 bits is alpha only if the header's masks say so.
enum BMPDecoder {
  /// The header sizes after the file header, from OS/2's to Windows' version 5.
  private static let headerSizes: Set = [12, 40, 52, 56, 64, 108, 124]

  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: "BM".utf8) && bytes.count >= 18 && headerSizes.contains(word(bytes, 14))
  }

  static func decode(_ bytes: [UInt8], _ file: URL) throws(PictureError) -> Picture {
    let layout = try Layout(bytes, file)
    let pixels = [UInt8](unsafeUninitializedCapacity: layout.height * layout.width * 3) {
      pixels, count in
      for y in 0..<layout.height {
        let row = layout.start + layout.stride * (layout.topDown ? y : layout.height - 1 - y)
        var target = y * layout.width * 3
        for x in 0..<layout.width {
          let (red, green, blue) = layout.colour(bytes, row: row, x)
          pixels.initializeElement(at: target, to: red)
          pixels.initializeElement(at: target + 1, to: green)
          pixels.initializeElement(at: target + 2, to: blue)
          target += 3
        }
      }
      count = pixels.count
    }
    return Picture(height: layout.height, width: layout.width, pixels: pixels)
  }

  /// The location and format of a file's pixels.
  private struct Layout {
    let height: Int
    let width: Int
    let topDown: Bool
    let bits: Int
    /// The offset of the first row in the file, and the signed distance in bytes between rows.
    let start: Int
    let stride: Int
    /// The palette, with an entry for every possible index; empty if there is none.
    let palette: [(UInt8, UInt8, UInt8)]
    /// The offsets of red, green, blue and alpha within a pixel; alpha is -1 if absent.
    let places: (red: Int, green: Int, blue: Int, alpha: Int)

    init(_ bytes: [UInt8], _ file: URL) throws(PictureError) {
      let size = word(bytes, 14)
      let end = 14 + size
      guard bytes.count >= end else { throw damaged(file) }
      let isOld = size == 12
      width = isOld ? half(bytes, 18) : word(bytes, 18)
      let rows = isOld ? half(bytes, 20) : Int(Int32(truncatingIfNeeded: word(bytes, 22)))
      topDown = rows < 0
      height = abs(rows)
      bits = half(bytes, isOld ? 24 : 28)
      let compression = isOld ? 0 : word(bytes, 30)
      guard [1, 4, 8, 24, 32].contains(bits) else {
        throw BMPDecoder.unsupported(file, "with \(bits) bits per pixel")
      }
      guard compression == 0 || (compression == 3 && bits >= 24) else {
        throw BMPDecoder.unsupported(file, "with the compression \(compression)")
      }
      guard height > 0, width > 0 else {
        throw PictureFile.damaged(file, "BMP", "it has no pixels")
      }
      try PictureFile.check(height: height, width: width, file)

      // The masks are in a long header, or after a short one.
      var tableStart = end
      if compression == 3 {
        let hasMasks = size >= 52
        let count = hasMasks && size >= 56 ? 4 : 3
        guard bytes.count >= (hasMasks ? end : end + 12) else { throw damaged(file) }
        let masks = (0..<count).map { word(bytes, 54 + 4 * $0) }
        if !hasMasks { tableStart += 12 }
        guard let places = Self.places(masks, bits: bits) else {
          throw BMPDecoder.unsupported(file, "with masks that are not whole bytes")
        }
        self.places = places
      } else {
        places = (2, 1, 0, -1)
      }

      let entry = isOld ? 3 : 4
      var count = 0
      if bits <= 8 {
        count = isOld ? 0 : word(bytes, 46)
        if count == 0 { count = 1 << bits }
        guard count <= 65536, bytes.count >= tableStart + entry * count else { throw damaged(file) }
      }
      let table = tableStart
      palette =
        bits > 8
        ? []
        : (0..<(1 << bits)).map { index in
          guard index < count else { return (0, 0, 0) }
          let place = table + entry * index
          return (bytes[place + 2], bytes[place + 1], bytes[place])
        }
      // Some writers omit the palette from the pixels' offset.
      var offset = word(bytes, 10)
      if offset == 0 || (bits <= 8 && offset == end) { offset = table + entry * count }
      start = offset
      stride = (width * bits + 31) >> 3 & ~3
      guard bytes.count >= offset + stride * (height - 1) + (width * bits + 7) >> 3 else {
        throw damaged(file)
      }
    }

    private static func places(
      _ masks: [Int], bits: Int
    ) -> (red: Int, green: Int, blue: Int, alpha: Int)? {
      if bits == 32, masks.allSatisfy({ $0 == 0 }), masks.count == 4 { return (2, 1, 0, 3) }
      func place(_ mask: Int) -> Int? {
        (0..<bits / 8).first { mask == 0xff << (8 * $0) }
      }
      guard let red = place(masks[0]), let green = place(masks[1]), let blue = place(masks[2]),
        Set([red, green, blue]).count == 3
      else { return nil }
      guard bits == 32, masks.count == 4, masks[3] != 0 else { return (red, green, blue, -1) }
      guard let alpha = place(masks[3]), ![red, green, blue].contains(alpha) else { return nil }
      return (red, green, blue, alpha)
    }

    /// The red, green and blue of a pixel, blended with white where transparent.
    @inline(__always)
    func colour(_ bytes: [UInt8], row: Int, _ x: Int) -> (UInt8, UInt8, UInt8) {
      if bits <= 8 {
        let position = x * bits
        let shift = 8 - bits - position % 8
        return palette[Int(bytes[row + position / 8]) >> shift & (1 << bits - 1)]
      }
      let place = row + x * bits / 8
      let (red, green, blue) = (
        bytes[place + places.red], bytes[place + places.green], bytes[place + places.blue]
      )
      guard places.alpha >= 0 else { return (red, green, blue) }
      let alpha = Int(bytes[place + places.alpha])
      func onWhite(_ level: UInt8) -> UInt8 {
        UInt8((Int(level) * alpha + 255 * (255 - alpha) + 127) / 255)
      }
      return (onWhite(red), onWhite(green), onWhite(blue))
    }
  }

  private static func damaged(_ file: URL) -> PictureError {
    PictureFile.damaged(file, "BMP", "it ends too early")
  }

  private static func unsupported(_ file: URL, _ words: String) -> PictureError {
    PictureError("\(file.path) is a BMP picture \(words); convert it to PNG.")
  }

  /// The little-endian 16-bit number at an offset.
  private static func half(_ bytes: [UInt8], _ place: Int) -> Int {
    Int(bytes[place]) | Int(bytes[place + 1]) << 8
  }

  /// The little-endian 32-bit number at an offset.
  private static func word(_ bytes: [UInt8], _ place: Int) -> Int {
    half(bytes, place) | half(bytes, place + 2) << 16
  }
}
