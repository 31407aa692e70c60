import Crypto
import Foundation

extension SHA256.Digest {
  /// 64 lowercase hexadecimal digits.
  package var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension SHA256 {
  /// The digest of an array's elements as stored in memory.
  package static func hash<Element: BitwiseCopyable>(elements: [Element]) -> Digest {
    elements.withUnsafeBytes { bytes in
      var hasher = SHA256()
      hasher.update(bufferPointer: bytes)
      return hasher.finalize()
    }
  }
}
