import Foundation

/// A file mapped into memory for reading, unmapped when the instance is released.
final class MappedFile: @unchecked Sendable {
  // The mapping is private and read-only, so every thread may read it.
  let base: UnsafeRawPointer
  let count: Int

  /// - Throws: `ModelError` if the file cannot be opened or is not a regular file.
  init(_ file: URL) throws(ModelError) {
    let descriptor = open(file.path, O_RDONLY)
    guard descriptor >= 0 else {
      throw ModelError(file, "cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ModelError(file, "is not a regular file")
    }
    count = Int(status.st_size)
    guard count > 0 else { throw ModelError(file, "is empty") }
    guard let memory = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      memory != MAP_FAILED
    else {
      throw ModelError(file, "cannot be mapped into memory: \(String(cString: strerror(errno)))")
    }
    base = UnsafeRawPointer(memory)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: base), count) }
}
