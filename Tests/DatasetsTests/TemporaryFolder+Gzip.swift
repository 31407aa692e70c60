import CZlib
import Foundation
import TestSupport

extension TemporaryFolder {
  /// The bytes compressed by gzip, as one member.
  func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = url.appending(path: "\(UUID().uuidString).gz")
    let handle = gzopen(file.path, "wb")
    gzwrite(handle, bytes, UInt32(bytes.count))
    gzclose(handle)
    defer { try? FileManager.default.removeItem(at: file) }
    return try [UInt8](Data(contentsOf: file))
  }
}
