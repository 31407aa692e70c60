import Foundation

/// A file that is written piece by piece beside its place and put there when it is whole.
final class StagedFile {
  private let place: URL
  private let temporary: URL
  private let handle: FileHandle
  private var buffer = Data()

  private static let bufferSize = 1 << 20

  /// - Throws: where no file can be made beside the place.
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

  /// Puts the file in its place, in place of what was there.
  func finish() throws {
    try flush()
    try handle.close()
    guard rename(temporary.path, place.path) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: place.path])
    }
  }

  /// Takes away what was written, where it was not finished.
  func discard() {
    try? handle.close()
    try? FileManager.default.removeItem(at: temporary)
  }

  private func flush() throws {
    try handle.write(contentsOf: buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
