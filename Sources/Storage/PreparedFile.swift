import Foundation

/// A file whose bytes are in a temporary file, still to be synced and renamed into place exactly
/// once.
package struct PreparedFile: Sendable {
  let file: URL
  let temporary: String
  let descriptor: Int32

  /// - Parameter others: open files that this file refers to and that must be synced first.
  /// - Throws: `FileFault`; the existing file is then unchanged.
  package func putInPlace(after others: [Int32] = []) throws(FileFault) {
    defer { close(descriptor) }
    guard others.allSatisfy({ fsync($0) == 0 }), fsync(descriptor) == 0,
      rename(temporary, file.path) == 0
    else {
      let fault = FileFault(file, errno)
      unlink(temporary)
      throw fault
    }
    try DurableFile.bringOntoDisk(file.deletingLastPathComponent())
  }
}
