import CZlib
import Foundation

/// A folder for the files of one test, removed with everything in it when the test is over.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file with these bytes, in place of one that has the name.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> URL {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file
  }

  /// What gzip makes of the bytes: one member.
  func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = url.appendingPathComponent("\(UUID().uuidString).gz")
    let handle = gzopen(file.path, "wb")
    gzwrite(handle, bytes, UInt32(bytes.count))
    gzclose(handle)
    defer { try? FileManager.default.removeItem(at: file) }
    return try [UInt8](Data(contentsOf: file))
  }
}
