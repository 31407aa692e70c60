import Foundation

/// Reads whole files into memory, decompressing gzip files.
package enum GzipFile {
  /// The bytes of `file`; gzip files (RFC 1952) are decompressed and verified.
  ///
  /// A gzip file is identified by its first two bytes. Its members are concatenated, as by
  /// `gunzip`, and each is checked against its CRC-32 and length.
  ///
  /// - Parameters:
  ///   - file: a regular file, or a link to one.
  ///   - limit: the maximum number of decompressed bytes; reading stops beyond it.
  /// - Throws: `DatasetError` if the file is missing, not a regular file, unreadable, truncated,
  ///   damaged, followed by other bytes, named `.gz` without being gzip, or beyond the limit.
  package static func contents(of file: URL, limit: Int) throws(DatasetError) -> [UInt8] {
    let handle = try open(file)
    defer { try? handle.close() }
    let start = try chunk(of: handle, file)
    if start.starts(with: [0x1f, 0x8b]) {
      return try decompressed(start, from: handle, file, limit)
    }
    guard file.pathExtension != "gz" else {
      throw DatasetError("\(file.path) is not a gzip file, despite its name; \(remedy).")
    }
    return try plain(start, from: handle, file, limit)
  }

  private static let remedy = "download it again from its source"
  private static let chunkSize = 1 << 20

  private static func plain(
    _ start: Data, from handle: FileHandle, _ file: URL, _ limit: Int
  ) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    var next = start
    while !next.isEmpty {
      next.withUnsafeBytes { bytes.append(contentsOf: $0) }
      guard bytes.count <= limit else { throw beyond(limit, file) }
      next = try chunk(of: handle, file)
    }
    return bytes
  }

  private static func decompressed(
    _ start: Data, from handle: FileHandle, _ file: URL, _ limit: Int
  ) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    var next = start
    do {
      let inflater = try GzipInflater()
      while !next.isEmpty {
        try inflater.inflate(next, into: &bytes, limit: limit)
        next = try chunk(of: handle, file)
      }
      try inflater.finish()
      return bytes
    } catch let fault as GzipInflater.Fault {
      throw error(for: fault, file, limit)
    } catch let error as DatasetError {
      throw error
    } catch {
      throw unreadable(file)
    }
  }

  private static func error(
    for fault: GzipInflater.Fault, _ file: URL, _ limit: Int
  ) -> DatasetError {
    switch fault {
    case .truncated:
      DatasetError("\(file.path) is truncated: it ends within its compressed data; \(remedy).")
    case .corrupt:
      DatasetError("\(file.path) is damaged: its compressed data is invalid; \(remedy).")
    case .trailingBytes:
      DatasetError("\(file.path) has extra bytes after its compressed data; \(remedy).")
    case .beyondLimit:
      beyond(limit, file)
    case .outOfMemory:
      DatasetError("There is not enough memory to decompress \(file.path); free some memory.")
    }
  }

  private static func open(_ file: URL) throws(DatasetError) -> FileHandle {
    let path = file.resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      throw DatasetError("There is no file \(file.path); check the path.")
    }
    let type = attributes[.type] as? FileAttributeType
    guard type != .typeDirectory else {
      throw DatasetError("\(file.path) is a folder, not a file; give the path of a file.")
    }
    guard type == .typeRegular else {
      throw DatasetError("\(file.path) is not a regular file.")
    }
    guard let handle = try? FileHandle(forReadingFrom: file) else { throw unreadable(file) }
    return handle
  }

  private static func chunk(of handle: FileHandle, _ file: URL) throws(DatasetError) -> Data {
    do { return try handle.read(upToCount: chunkSize) ?? Data() } catch { throw unreadable(file) }
  }

  private static func beyond(_ limit: Int, _ file: URL) -> DatasetError {
    DatasetError(
      "\(file.path) holds more than the limit of \(limit) bytes; "
        + "check that it is the file you mean.")
  }

  private static func unreadable(_ file: URL) -> DatasetError {
    DatasetError("\(file.path) cannot be read; check its permissions and the disk.")
  }
}
