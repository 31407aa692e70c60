import Crypto
import Foundation

/// A value on disk from which an interrupted computation can resume.
///
/// File format: an eight-byte magic number; the lengths in bytes of the three parts, as
/// little-endian 64-bit integers; the identity as JSON; the tree of the value's binary form,
/// preceded by the tables of strings and of array lengths; the arrays as contiguous little-endian
/// float32; and the SHA-256 of everything before it.
package struct CheckpointFile {
  /// What the value belongs to: the properties, by name, that a run must share to resume from it.
  package let identity: [String: String]
  private let form: BinaryForm

  private static let mark = Array("FLORACK1".utf8)

  // MARK: Writing

  /// Replaces the file atomically and calls fsync.
  ///
  /// - Throws: the errors of `prepare`.
  package static func write(
    _ value: some Encodable, identity: [String: String], to file: URL
  ) throws {
    try prepare(value, identity: identity, for: file).putInPlace()
  }

  /// Writes the contents to a temporary file that still has to be renamed into place.
  ///
  /// The arrays are written from their own storage, so only the tree needs additional memory. The
  /// value may change as soon as this returns.
  ///
  /// - Throws: `FileFault` if the file cannot be written, in which case the old file stays; any
  ///   error of the value's encoding.
  package static func prepare(
    _ value: some Encodable, identity: [String: String], for file: URL
  ) throws -> PreparedFile {
    let form = try BinaryForm(value)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let identity = Array(try encoder.encode(identity))
    let tree = form.head
    let lengths = [identity.count, tree.count, form.arrays.reduce(0) { $0 + 4 * $1.count }]
    return try DurableFile.prepare(file) { output in
      var hasher = SHA256()
      for part in [mark + lengths.flatMap(\.bytes), identity, tree] {
        if let fault = part.withUnsafeBytes({ write($0, to: output, &hasher) }) { return fault }
      }
      for array in form.arrays {
        if let fault = array.withUnsafeBytes({ write($0, to: output, &hasher) }) { return fault }
      }
      return Array(hasher.finalize()).withUnsafeBytes { output.fault(writing: $0) }
    }
  }

  /// Writes in chunks that are still in the CPU cache when they are hashed.
  private static func write(
    _ bytes: UnsafeRawBufferPointer, to output: DurableFile, _ hasher: inout SHA256
  ) -> FileFault? {
    for start in stride(from: 0, to: bytes.count, by: 1 << 18) {
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + 1 << 18)])
      hasher.update(bufferPointer: piece)
      if let fault = output.fault(writing: piece) { return fault }
    }
    return nil
  }

  // MARK: Reading

  /// Opens a file and verifies its checksum.
  ///
  /// - Throws: `FileFault` if it cannot be read; `CheckpointFault` if it is damaged.
  package init(_ file: URL) throws {
    let data: Data
    do { data = try Data(contentsOf: file, options: .alwaysMapped) } catch {
      throw FileFault(file, error) ?? error
    }
    let damage = CheckpointFault.damaged(file)
    let body = data.dropLast(SHA256.byteCount)
    guard data.count >= Self.mark.count + 3 * 8 + SHA256.byteCount,
      data.starts(with: Self.mark),
      Array(SHA256.hash(data: body)) == Array(data.suffix(SHA256.byteCount))
    else { throw damage }
    var reader = ByteReader(body.dropFirst(Self.mark.count))
    guard let identity = reader.length(), let tree = reader.length(), let arrays = reader.length(),
      let identityBytes = reader.take(identity), let treeBytes = reader.take(tree),
      let arrayBytes = reader.take(arrays), reader.rest.isEmpty,
      let form = BinaryForm(head: treeBytes, arrays: arrayBytes),
      let names = try? JSONDecoder().decode([String: String].self, from: identityBytes)
    else { throw damage }
    self.identity = names
    self.form = form
  }

  /// Decodes the value.
  ///
  /// - Throws: `DecodingError` if it has another type.
  package func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try form.value()
  }
}

extension BinaryForm {
  /// Nil if the bytes are not a valid binary form.
  fileprivate init?(head: Data, arrays: Data) {
    var bytes = ByteReader(arrays)
    self.init(head: head) { count in
      guard count <= bytes.rest.count / 4, let array = bytes.take(4 * count) else { return nil }
      return [Float](unsafeUninitializedCapacity: count) { target, initialized in
        array.copyBytes(to: UnsafeMutableRawBufferPointer(target))
        initialized = count
      }
    }
  }
}
