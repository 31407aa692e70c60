import Crypto
import Foundation
import Storage

/// A checkpoint's bytes with a different identity: eight bytes, three lengths of eight bytes, the identity, and at the
/// end the SHA-256 of all before.
struct RewrittenCheckpoint {
  let data: Data

  init(_ file: URL, part: String, is value: String) throws {
    var identity = try CheckpointFile(file).identity
    identity[part] = value
    try self.init(file, identity: identity)
  }

  init(_ file: URL, identity: [String: String]) throws {
    let data = try Data(contentsOf: file)
    let start = 8 + 3 * 8
    let length = data[8..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
    let written = try JSONEncoder().encode(identity)
    var rewritten = data.prefix(8)
    withUnsafeBytes(of: UInt64(written.count).littleEndian) { rewritten.append(contentsOf: $0) }
    rewritten += data[16..<start] + written + data[(start + length)...].dropLast(32)
    self.data = rewritten + Data(SHA256.hash(data: rewritten))
  }
}
