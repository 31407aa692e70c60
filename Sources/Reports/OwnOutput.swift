import Foundation

/// Recognises the files that flora wrote, so that reports replace no others.
enum OwnOutput {
  /// Checks that a file may be replaced: it does not exist, is empty, or was written by flora.
  ///
  /// - Parameter isOwn: whether these are the first bytes, at most 4,096, of a file that flora
  ///   wrote.
  /// - Throws: `ReportError` otherwise.
  static func check(_ file: URL, isOwn: (Data) -> Bool) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    guard let start = try? beginning(of: file), start.isEmpty || isOwn(start) else {
      throw fault(file)
    }
  }

  /// The error for a file that is in the way.
  static func fault(_ file: URL) -> ReportError {
    ReportError("\(file.relativePath) was not written by flora; move it, and try again")
  }

  private static func beginning(of file: URL) throws -> Data {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    return try handle.read(upToCount: 4096) ?? Data()
  }
}
