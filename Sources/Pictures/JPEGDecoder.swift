import CTurboJPEG
import Foundation

/// Decodes JPEG pictures with libjpeg-turbo.
enum JPEGDecoder {
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xff, 0xd8, 0xff])
  }

  static func decode(_ bytes: [UInt8], _ file: URL) throws(PictureError) -> Picture {
    guard let decoder = tjInitDecompress() else {
      throw PictureError("There is not enough memory to decode \(file.path); free some memory.")
    }
    defer { tjDestroy(decoder) }
    let (height, width) = try size(bytes, decoder, file)
    try PictureFile.check(height: height, width: width, file)
    var pixels = [UInt8](repeating: 0, count: height * width * 3)
    let status = tjDecompress2(
      decoder, bytes, UInt(bytes.count), &pixels, Int32(width), 0, Int32(height),
      Int32(TJPF_RGB.rawValue), TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
    guard status == 0 || lostNothing(decoder, bytes) else {
      throw PictureFile.damaged(file, "JPEG", words(decoder))
    }
    return Picture(height: height, width: width, pixels: pixels)
  }

  private static func size(
    _ bytes: [UInt8], _ decoder: tjhandle, _ file: URL
  ) throws(PictureError) -> (height: Int, width: Int) {
    var (height, width, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let status = tjDecompressHeader3(
      decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours)
    guard status == 0 || lostNothing(decoder, bytes), height > 0, width > 0 else {
      throw PictureFile.damaged(file, "JPEG", words(decoder))
    }
    guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else {
      throw PictureError("\(file.path) is a JPEG picture in CMYK; convert it to RGB.")
    }
    return (Int(height), Int(width))
  }

  /// Whether a decoder warning left all pixels intact.
  ///
  /// libjpeg warns about many deviations that cameras and editors produce and every reader accepts.
  /// Only the text of the last message distinguishes those from real failures. It may hide an
  /// earlier message about a truncated file, so the file must also end correctly.
  private static func lostNothing(_ decoder: tjhandle, _ bytes: [UInt8]) -> Bool {
    let words = words(decoder)
    return bytes.suffix(2) == [0xff, 0xd9] && harmless.contains { words.contains($0) }
  }

  private static let harmless = [
    "extraneous bytes before marker", "unknown JFIF revision", "Unknown Adobe color transform",
    "Invalid SOS parameters", "Inconsistent progression sequence",
  ]

  private static func words(_ decoder: tjhandle) -> String {
    String(cString: tjGetErrorStr2(decoder))
  }
}
