import Foundation
import Randomness

/// Encodes a vector of numbers as a payload, and decodes it.
public protocol VectorCodec: Sendable, Codable, Equatable {
  /// The payload length for `count` numbers in bytes, independent of their values.
  func byteCount(of count: Int) -> Int

  /// - Parameter random: the source for stochastic rounding; unused by other codecs.
  /// - Throws: `PayloadError.notFinite` if the codec cannot represent a NaN or infinite number.
  func encode(_ numbers: [Float], using random: inout RandomStream) throws(PayloadError) -> Data

  /// Decodes `count` numbers from a payload.
  ///
  /// - Throws: `PayloadError` if the bytes are not a payload of `count` numbers.
  func decode(_ payload: Data, count: Int) throws(PayloadError) -> [Float]
}

extension VectorCodec {
  func checkLength(_ payload: Data, count: Int) throws(PayloadError) {
    let expected = byteCount(of: count)
    guard payload.count == expected else {
      throw .length(payload.count, expected: expected, numbers: count)
    }
  }

  func checkFinite(_ numbers: [Float]) throws(PayloadError) {
    if let index = numbers.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
  }
}
