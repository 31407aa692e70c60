import Foundation
import TestSupport

extension TemporaryFolder {
  /// Writes a file with these bytes, in place of one that has the name.
  func write(_ bytes: [UInt8], to name: String) throws -> URL {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file
  }
}
