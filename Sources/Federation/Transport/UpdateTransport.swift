import Foundation
import Randomness

/// How vectors are encoded between server and clients: the codec of updates, error feedback and the
/// messages of secure aggregation.
package struct UpdateTransport: Codable, Sendable {
  package let codec: PayloadCodec
  /// Whether the client uses error feedback: it keeps what the codec drops and adds it to its next
  /// update.
  package let hasErrorFeedback: Bool
  /// Nil without secure aggregation.
  package let secureAggregation: SecureAggregation?

  /// The settings of secure aggregation's messages other than the cohort.
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

  /// The bytes of a download with the given number of values.
  ///
  /// - Parameter cohort: the number of devices selected together, which exchange keys with each
  ///   other.
  package func bytesDown(of numbers: Int, cohort: Int) -> Int {
    let plain = PayloadCodec.float32.byteCount(of: numbers)
    return plain + (secureAggregation?.cost(cohort: cohort).extraBytesDown ?? 0)
  }

  /// The bytes of an upload with the given number of values.
  package func bytesUp(of numbers: Int, cohort: Int) -> Int {
    secureAggregation?.cost(cohort: cohort).bytesUp(of: numbers) ?? codec.byteCount(of: numbers)
  }

  /// Additional round trips of a protocol with more than one upload.
  package var extraRoundTrips: Int {
    secureAggregation == nil ? 0 : SecureAggregationCost.extraRoundTrips
  }

  /// The memory that a client needs to encode its update. Compression and masking apply to the
  /// change, which requires the initial version; plain float32 can send the model itself, from
  /// which the server computes the change.
  package var clientMemory: ClientMemory {
    ClientMemory(
      holdsStart: codec != .float32 || secureAggregation != nil,
      vectors: hasErrorFeedback ? 1 : 0)
  }

  /// Whether the server decodes exactly what the client encoded.
  package var isLossless: Bool { codec == .float32 && !hasErrorFeedback }

  /// Encodes and decodes a message as the network carries it.
  ///
  /// - Parameters:
  ///   - residual: the client's error feedback residual, if enabled.
  ///   - random: the source for stochastic rounding.
  /// - Throws: `PayloadError` if the codec cannot represent a number.
  package func carried(
    _ message: [Float], residual: inout ErrorFeedback, using random: inout RandomStream
  ) throws(PayloadError) -> [Float] {
    // Without a copy.
    if isLossless { return message }
    let payload =
      hasErrorFeedback
      ? try residual.encode(message, with: codec, using: &random)
      : try codec.encode(message, using: &random)
    precondition(
      payload.count == codec.byteCount(of: message.count), "the network carried what was encoded")
    return try codec.decode(payload, count: message.count)
  }
}
