import Foundation

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let url: URL
  /// Where the command keeps what it can make again: beside the folder, not in the user's home.
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

  /// What lies in the folder, by name.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }
}
