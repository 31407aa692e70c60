import Foundation

/// A file that is written incrementally to a temporary file and moved into place when complete.
final class StagedFile {
  private let place: URL
  private let temporary: URL
  private let handle: FileHandle
  private var buffer = Data()

  private static let bufferSize = 1 << 20

  /// - Throws: if the temporary file cannot be created.
  init(_ place: URL) throws {
    self.place = place
    temporary = place.deletingLastPathComponent()
      .appending(path: ".\(place.lastPathComponent).\(UUID().uuidString)")
    try Data().write(to: temporary)
    handle = try FileHandle(forWritingTo: temporary)
    buffer.reserveCapacity(Self.bufferSize)
  }

  func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Replaces the destination with the complete file.
  func finish() throws {
    try flush()
    try handle.close()
    guard rename(temporary.path, place.path) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: place.path])
    }
  }

  /// Deletes the temporary file if it was not finished.
  func discard() {
    try? handle.close()
    try? FileManager.default.removeItem(at: temporary)
  }

  private func flush() throws {
    try handle.write(contentsOf: buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
