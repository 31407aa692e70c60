import Foundation
import Storage

/// A message between ranks: a value's head, and its arrays of floats, which are sent without a
/// copy.
package struct Parcel: Sendable {
  package let head: [UInt8]
  package let arrays: [[Float]]

  package init(head: [UInt8], arrays: [[Float]]) {
    self.head = head
    self.arrays = arrays
  }

  package var bytes: Int { head.count + arrays.reduce(0) { $0 + 4 * $1.count } }
}

extension Parcel {
  init(_ message: RankMessage) {
    guard let form = try? BinaryForm(message) else {
      preconditionFailure("a message has nothing that cannot be encoded")
    }
    self.init(head: form.head, arrays: form.arrays)
  }

  /// - Throws: `RankFault` if the bytes are not a valid message, as between two versions of the
  ///   program.
  func message() throws -> RankMessage {
    var rest = arrays[...]
    guard let form = BinaryForm(head: Data(head), { _ in rest.popFirst() }),
      let message = try? form.value(RankMessage.self)
    else { throw RankFault("it sent a message of another version of the program") }
    return message
  }
}

/// Why ranks cannot continue together, as a sentence or the end of one.
package struct RankFault: Error, CustomStringConvertible {
  package let description: String
  /// The rank that cannot be reached; nil if unknown.
  package let rank: Int?

  package init(_ description: String, rank: Int? = nil) {
    self.description = description
    self.rank = rank
  }
}
