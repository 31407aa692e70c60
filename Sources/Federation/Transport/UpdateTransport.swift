import Foundation
import Randomness

/// How numbers become bytes on their way between server and clients: the codec of updates, error feedback and the
/// messages of secure aggregation.
package struct UpdateTransport: Codable, Sendable {
  package let codec: PayloadCodec
  /// Whether a client keeps what the codec drops, and adds it to its next update.
  package let hasErrorFeedback: Bool
  /// Nil where updates are sent in the clear.
  package let secureAggregation: SecureAggregation?

  /// What secure aggregation's messages depend on beside the cohort.
  package struct SecureAggregation: Codable, Sendable {
    let bits: Int
    let neighbours: Int?

    package init(bits: Int, neighbours: Int?) {
      self.bits = bits
      self.neighbours = neighbours
    }

    fileprivate func cost(cohort: Int) -> SecureAggregationCost {
      SecureAggregationCost(cohort: cohort, bits: bits, neighbours: neighbours)
    }
  }

  package init(
    _ codec: PayloadCodec, hasErrorFeedback: Bool, secureAggregation: SecureAggregation? = nil
  ) {
    self.codec = codec
    self.hasErrorFeedback = hasErrorFeedback
    self.secureAggregation = secureAggregation
  }

  /// Bytes that a client downloads with so many numbers.
  ///
  /// - Parameter cohort: how many devices were selected together, all of which exchange keys with each other.
  package func bytesDown(of numbers: Int, cohort: Int) -> Int {
    let plain = PayloadCodec.float32.byteCount(of: numbers)
    return plain + (secureAggregation?.cost(cohort: cohort).extraBytesDown ?? 0)
  }

  /// Bytes that a client sends with so many numbers.
  package func bytesUp(of numbers: Int, cohort: Int) -> Int {
    secureAggregation?.cost(cohort: cohort).bytesUp(of: numbers) ?? codec.byteCount(of: numbers)
  }

  /// Round trips of a protocol that is more than one upload.
  package var extraRoundTrips: Int {
    secureAggregation == nil ? 0 : SecureAggregationCost.extraRoundTrips
  }

  /// What a client holds in order to encode its update. What is compressed or masked is a change, for which the
  /// start is needed; plain float32 can be sent as the model itself, from which the server takes the change.
  package var clientMemory: ClientMemory {
    ClientMemory(
      holdsStart: codec != .float32 || secureAggregation != nil,
      vectors: hasErrorFeedback ? 1 : 0)
  }

  /// A message as it comes out of the bytes that the network carried.
  ///
  /// - Parameters:
  ///   - residual: what the codec has dropped of the client's messages so far, where there is error feedback.
  ///   - random: what stochastic rounding draws from.
  /// - Throws: `PayloadError` where the codec has no place for a number.
  package func carried(
    _ message: [Float], residual: inout ErrorFeedback, using random: inout RandomStream
  ) throws(PayloadError) -> [Float] {
    // Bit for bit the same numbers, which are not copied for that.
    if codec == .float32, !hasErrorFeedback { return message }
    let payload =
      hasErrorFeedback
      ? try residual.encode(message, with: codec, using: &random)
      : try codec.encode(message, using: &random)
    precondition(
      payload.count == codec.byteCount(of: message.count), "the network carried what was encoded")
    return try codec.decode(payload, count: message.count)
  }
}
