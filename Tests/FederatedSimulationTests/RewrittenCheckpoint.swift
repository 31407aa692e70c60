import Crypto
import Foundation

/// A checkpoint's bytes with another identity: eight bytes, three lengths of eight bytes, the identity, and at the
/// end the SHA-256 of all before.
struct RewrittenCheckpoint {
  let data: Data

  init(_ data: Data, part: String, is value: String) throws {
    let lengths = 8..<16
    let start = 8 + 3 * 8
    let length = data[lengths].reversed().reduce(0) { $0 << 8 | Int($1) }
    var identity = try JSONDecoder().decode(
      [String: String].self, from: data[start..<start + length])
    identity[part] = value
    let written = try JSONEncoder().encode(identity)
    var rewritten = data.prefix(8)
    withUnsafeBytes(of: UInt64(written.count).littleEndian) { rewritten.append(contentsOf: $0) }
    rewritten += data[16..<start] + written + data[(start + length)...].dropLast(32)
    self.data = rewritten + Data(SHA256.hash(data: rewritten))
  }
}
