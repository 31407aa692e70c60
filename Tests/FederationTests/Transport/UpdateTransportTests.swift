import Foundation
import Randomness
import Testing

@testable import Federation

struct UpdateTransportTests {
  @Test func `versions are downloaded unmodified, and updates uploaded encoded`() {
    for codec in [PayloadCodec.float32, .float16, .int8, .sign] {
      let transport = UpdateTransport(codec, hasErrorFeedback: false)
      #expect(transport.bytesDown(of: 1_000, cohort: 7) == 4_000)
      #expect(transport.bytesUp(of: 1_000, cohort: 7) == codec.byteCount(of: 1_000))
      #expect(transport.extraRoundTrips == 0)
    }
  }

  @Test func `secure aggregation's messages depend on the devices selected together`() {
    let transport = UpdateTransport(
      .float32, hasErrorFeedback: false,
      secureAggregation: .init(bits: 16, neighbours: nil))
    for cohort in [1, 3, 6, 100] {
      let cost = SecureAggregationCost(cohort: cohort, bits: 16)
      #expect(transport.bytesDown(of: 50, cohort: cohort) == 200 + cost.extraBytesDown)
      #expect(transport.bytesUp(of: 50, cohort: cohort) == cost.bytesUp(of: 50))
    }
    #expect(transport.extraRoundTrips == 3)
  }

  @Test func `a client holds what its encoding needs`() {
    func memory(_ codec: PayloadCodec, _ hasErrorFeedback: Bool, isSecure: Bool = false)
      -> ClientMemory
    {
      UpdateTransport(
        codec, hasErrorFeedback: hasErrorFeedback,
        secureAggregation: isSecure ? .init(bits: 8, neighbours: nil) : nil
      ).clientMemory
    }
    #expect(memory(.float32, false) == ClientMemory())
    #expect(memory(.float32, false, isSecure: true) == ClientMemory(holdsStart: true))
    #expect(memory(.int8, false) == ClientMemory(holdsStart: true))
    #expect(memory(.sign, true) == ClientMemory(holdsStart: true, vectors: 1))
    // The initial version is held once, the other vectors are added.
    let sum = memory(.sign, true) + ClientMemory(holdsStart: true, vectors: 2)
    #expect(sum == ClientMemory(holdsStart: true, vectors: 3) && sum.bytes(of: 10) == 160)
    #expect(ClientMemory().bytes(of: 10) == 0)
  }

  @Test func `the codec's output is sent, and its error is the residual`() throws {
    var random = RandomStream(seed: 1, purpose: "transport")
    let message: [Float] = [3, -1, 0.5, -0.5]
    var residual = ErrorFeedback()
    let plain = UpdateTransport(.float32, hasErrorFeedback: false)
    #expect(try plain.carried(message, residual: &residual, using: &random) == message)
    #expect(residual.residual.isEmpty)
    let codec = PayloadCodec.topK(TopKCodec(fraction: 0.25))
    let lossy = UpdateTransport(codec, hasErrorFeedback: false)
    #expect(try lossy.carried(message, residual: &residual, using: &random) == [3, 0, 0, 0])
    #expect(residual.residual.isEmpty)
    let feedback = UpdateTransport(codec, hasErrorFeedback: true)
    #expect(try feedback.carried(message, residual: &residual, using: &random) == [3, 0, 0, 0])
    #expect(residual.residual == [0, -1, 0.5, -0.5])
    // (0, -1, 0.5, -0.5) plus (0, -1, 0, 0): -2 is sent.
    #expect(
      try feedback.carried([0, -1, 0, 0], residual: &residual, using: &random) == [0, -2, 0, 0])
    #expect(residual.residual == [0, 0, 0.5, -0.5])
  }
}
