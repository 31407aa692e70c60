import Crypto
import Foundation

/// A value on disk from which something that was stopped can go on.
///
/// The file: eight bytes that say what it is; the lengths in bytes of its three parts, as little-endian 64-bit
/// numbers; the identity, which is JSON; the tree of the value's binary form, with the tables of strings and of arrays' lengths in front; the
/// arrays as little-endian float32, one after the other; and the SHA-256 of all of it.
package struct CheckpointFile {
  /// What the value belongs to: what is true of all that may go on from it, by name.
  package let identity: [String: String]
  private let form: BinaryForm

  private static let mark = Array("FLORACK1".utf8)

  // MARK: Writing

  /// Replaces the file in one piece, and brings it onto the disk.
  ///
  /// - Throws: as `prepare` does.
  package static func write(
    _ value: some Encodable, identity: [String: String], to file: URL
  ) throws {
    try prepare(value, identity: identity, for: file).putInPlace()
  }

  /// Writes the bytes of a file that is still to be put in place.
  ///
  /// The arrays are written from where they lie; beside them only the tree takes memory. When it returns, the
  /// value may change.
  ///
  /// - Throws: `FileFault` where the disk does not take it, and the file that was there stays; what the
  ///   value's encoding throws.
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

  /// Writes in pieces that are still in the processor's cache when they are hashed.
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

  /// Opens a file, and checks that every bit is what it was when it was written.
  ///
  /// - Throws: `FileFault` where it cannot be read; `CheckpointFault` where it is damaged.
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

  /// The value.
  ///
  /// - Throws: `DecodingError` where it is of another type.
  package func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try form.value()
  }
}

extension BinaryForm {
  /// Nil where the bytes are none.
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
