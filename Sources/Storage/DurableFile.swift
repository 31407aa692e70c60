import Foundation

/// A file that is replaced atomically and survives a power failure.
///
/// It is written to a temporary file, synced with fsync and renamed, and then its folder is synced
/// too. A reader sees either the old file or the complete new one.
package final class DurableFile {
  private let file: URL
  private let temporary: String
  private let descriptor: Int32

  private init(_ file: URL) throws(FileFault) {
    self.file = file
    temporary = Self.temporary(of: file).path
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileFault(file, errno) }
  }

  /// The temporary file next to `file`; a killed process leaves it behind.
  package static func temporary(of file: URL) -> URL { file.appendingPathExtension("temporary") }

  /// Writes a temporary file.
  ///
  /// - Parameter body: writes the bytes and returns the error, if any.
  /// - Throws: `FileFault`; the existing file is then unchanged.
  package static func prepare(
    _ file: URL, _ body: (DurableFile) -> FileFault?
  ) throws(FileFault) -> PreparedFile {
    let output = try DurableFile(file)
    if let fault = body(output) {
      close(output.descriptor)
      unlink(output.temporary)
      throw fault
    }
    return PreparedFile(file: file, temporary: output.temporary, descriptor: output.descriptor)
  }

  /// Atomically replaces a file with these bytes.
  package static func write(_ bytes: some Sequence<UInt8>, to file: URL) throws(FileFault) {
    let bytes = Array(bytes)
    try prepare(file) { output in bytes.withUnsafeBytes { output.fault(writing: $0) } }
      .putInPlace()
  }

  /// Appends bytes.
  ///
  /// - Returns: the error if they could not be written, or nil.
  package func fault(writing bytes: UnsafeRawBufferPointer) -> FileFault? {
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if count < 0, errno != EINTR {
        return FileFault(file, errno)
      }
    }
    return nil
  }

  /// Calls fsync on a file or a folder.
  package static func bringOntoDisk(_ file: URL) throws(FileFault) {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault(file, errno) }
    defer { close(descriptor) }
    // Some file systems do not support fsync on a folder and do not need it.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFault(file, errno) }
  }

  /// Calls fsync on a folder, everything below it, and its parent.
  package static func bringTreeOntoDisk(_ folder: URL) throws(FileFault) {
    let names = FileManager.default.enumerator(atPath: folder.path)
    while let name = names?.nextObject() as? String {
      try bringOntoDisk(folder.appending(path: name))
    }
    try bringOntoDisk(folder)
    try bringOntoDisk(folder.deletingLastPathComponent())
  }
}
