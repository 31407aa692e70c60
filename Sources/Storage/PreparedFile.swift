import Foundation

/// A file whose bytes have been written under another name, and wait to be brought onto the disk and put in
/// place, which is to be done once.
package struct PreparedFile: Sendable {
  let file: URL
  let temporary: String
  let descriptor: Int32

  /// - Parameter others: open files that the file tells of, and that have to be on the disk before it is.
  /// - Throws: `FileFault`, after which what was there is still there.
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
