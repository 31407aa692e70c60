import Foundation

/// Reads a picture's file within the accepted limits.
enum PictureFile {
  static let byteLimit = 64_000_000
  static let pixelLimit = 100_000_000

  static func contents(of file: URL) throws(PictureError) -> [UInt8] {
    let path = file.resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      throw PictureError("There is no file \(file.path); check the path.")
    }
    let type = attributes[.type] as? FileAttributeType
    guard type != .typeDirectory else {
      throw PictureError("\(file.path) is a folder, not a picture; give the path of a file.")
    }
    guard type == .typeRegular else {
      throw PictureError("\(file.path) is not a regular file.")
    }
    guard attributes[.size] as? Int ?? 0 <= byteLimit else { throw tooLarge(file) }
    let bytes = try read(file)
    guard bytes.count <= byteLimit else { throw tooLarge(file) }
    guard !bytes.isEmpty else {
      throw PictureError("\(file.path) is empty; download it again from its source.")
    }
    return bytes
  }

  /// - Throws: `PictureError` if the picture exceeds the size limit.
  static func check(height: Int, width: Int, _ file: URL) throws(PictureError) {
    guard height <= pixelLimit / max(width, 1) else {
      throw PictureError(
        "\(file.path) has \(height) rows of \(width) pixels, more than the "
          + "\(pixelLimit / 1_000_000) megapixels supported; make it smaller.")
    }
  }

  static func damaged(_ file: URL, _ kind: String, _ words: String) -> PictureError {
    PictureError(
      "\(file.path) is a damaged \(kind) picture (\(words)); download it again from its source.")
  }

  /// Reads one byte beyond the limit to detect a file that grew after its size was checked.
  private static func read(_ file: URL) throws(PictureError) -> [UInt8] {
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      return [UInt8](try handle.read(upToCount: byteLimit + 1) ?? Data())
    } catch {
      throw PictureError(
        "\(file.path) cannot be read; check its permissions and the disk.")
    }
  }

  private static func tooLarge(_ file: URL) -> PictureError {
    PictureError(
      "\(file.path) is larger than the \(byteLimit / 1_000_000) MB supported for a picture; "
        + "make it smaller.")
  }
}
