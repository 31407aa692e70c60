import Foundation

/// A file that is put in place in one piece, and stays there when the machine loses its power.
///
/// It is written under another name, brought onto the disk, renamed, and its folder is brought onto the disk
/// too: whoever looks sees the old file or the whole new one.
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

  /// Where a file lies until it is whole; who is killed leaves it.
  package static func temporary(of file: URL) -> URL { file.appendingPathExtension("temporary") }

  /// Writes a file under its other name.
  ///
  /// - Parameter body: writes the bytes, and gives what kept it from that.
  /// - Throws: `FileFault`, after which what was there is still there.
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

  /// Puts a file in place that holds these bytes.
  package static func write(_ bytes: some Sequence<UInt8>, to file: URL) throws(FileFault) {
    let bytes = Array(bytes)
    try prepare(file) { output in bytes.withUnsafeBytes { output.fault(writing: $0) } }
      .putInPlace()
  }

  /// Adds bytes at the end.
  ///
  /// - Returns: what kept them from being written; nil where they are.
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

  /// Brings a file, or the names in a folder, onto the disk.
  package static func bringOntoDisk(_ file: URL) throws(FileFault) {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault(file, errno) }
    defer { close(descriptor) }
    // Some file systems cannot do this for a folder, and need not.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFault(file, errno) }
  }

  /// Brings all files below a folder onto the disk, with their names.
  package static func bringTreeOntoDisk(_ folder: URL) throws(FileFault) {
    let names = FileManager.default.enumerator(atPath: folder.path)
    while let name = names?.nextObject() as? String {
      try bringOntoDisk(folder.appending(path: name))
    }
    try bringOntoDisk(folder)
    try bringOntoDisk(folder.deletingLastPathComponent())
  }
}
