import Crypto
import Foundation
import Storage

extension Scenario {
  /// The SHA-256 of the entire scenario, which identifies runs of it.
  package var digest: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a scenario that was read can be written")
    }
    return SHA256.hash(data: data).hexadecimal
  }
}
