import Foundation

/// A folder that is removed at the end of the test.
final class TemporaryFolder {
  let url: URL
  /// The command's cache folder: next to the folder, not in the user's home.
  let cache: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID().uuidString)")
    cache = url.appendingPathExtension("cache")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
    try? FileManager.default.removeItem(at: cache)
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  /// The folder's contents, by name.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }
}
