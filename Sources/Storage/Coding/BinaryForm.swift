import Foundation

/// A value as bytes, with its arrays of floats stored separately.
///
/// Floating-point numbers keep their exact bits, including infinities and NaNs. Each distinct
/// string is stored once, and so is each array that is shared within the value.
package struct BinaryForm {
  var tree: [UInt8] = []
  var strings: [String] = []
  package var arrays: [[Float]] = []
}

extension BinaryForm {
  /// Everything except the arrays' elements: the numbers of strings and arrays, the strings, the
  /// arrays' lengths, and the tree.
  package var head: [UInt8] {
    let strings = strings.flatMap { $0.utf8.count.bytes + Array($0.utf8) }
    let lengths = arrays.flatMap(\.count.bytes)
    return self.strings.count.bytes + arrays.count.bytes + strings + lengths + tree
  }

  /// Nil if the bytes are not a valid head, or an array is nil.
  ///
  /// - Parameter array: returns the next array, given its number of elements.
  package init?(head: Data, _ array: (_ count: Int) throws -> [Float]?) rethrows {
    self.init()
    var head = ByteReader(head)
    guard let stringCount = head.length(), let arrayCount = head.length() else { return nil }
    for _ in 0..<stringCount {
      guard let length = head.length(), let bytes = head.take(length) else { return nil }
      strings.append(String(decoding: bytes, as: UTF8.self))
    }
    for _ in 0..<arrayCount {
      guard let count = head.length(), let array = try array(count) else { return nil }
      arrays.append(array)
    }
    tree = Array(head.rest)
  }
}

/// Consumes bytes from the front.
struct ByteReader {
  private(set) var rest: Data

  init(_ data: Data) { rest = data }

  mutating func take(_ count: Int) -> Data? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func length() -> Int? {
    take(8).flatMap { bytes in
      Int(
        exactly: bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
    }
  }
}

extension Int {
  /// As a little-endian 64-bit number.
  var bytes: [UInt8] {
    withUnsafeBytes(of: UInt64(self).littleEndian) { Array($0) }
  }
}
