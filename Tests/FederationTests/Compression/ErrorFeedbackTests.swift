import Foundation
import Randomness
import Testing

@testable import Federation

struct ErrorFeedbackTests {
  @Test(arguments: [PayloadCodec.topK(TopKCodec(fraction: 0.1)), .sign])
  func `the total sent differs from the truth only by the last residual`(
    codec: PayloadCodec
  ) throws {
    var random = RandomStream(seed: 6, purpose: "updates")
    var feedback = ErrorFeedback()
    var sent = [Double](repeating: 0, count: 200)
    var plain = sent
    var truth = sent
    for round in 1...300 {
      // Half noise, half a constant drift.
      let change = (0..<200).map { Float(0.3 * random.normal() + Double($0) / 400) }
      let payload = try feedback.encode(change, with: codec, using: &random)
      let alone = try codec.encode(change, using: &random)
      for (index, number) in try codec.decode(payload, count: 200).enumerated() {
        sent[index] += Double(number)
        truth[index] += Double(change[index])
      }
      for (index, number) in try codec.decode(alone, count: 200).enumerated() {
        plain[index] += Double(number)
      }
      for index in 0..<200 {
        #expect(
          abs(sent[index] + Double(feedback.residual[index]) - truth[index])
            < 1e-5 * Double(round))
      }
    }
    #expect(distance(sent, truth) < 0.1 * distance(plain, truth))
  }

  @Test func `what top-k drops is sent with the next update, as calculated by hand`() throws {
    let codec = TopKCodec(fraction: 0.5)
    var random = RandomStream(seed: 0, purpose: "rounding")
    var feedback = ErrorFeedback()
    let first = try feedback.encode([3, 2], with: codec, using: &random)
    #expect(try codec.decode(first, count: 2) == [3, 0])
    #expect(feedback.residual == [0, 2])
    var copy = try JSONDecoder().decode(ErrorFeedback.self, from: JSONEncoder().encode(feedback))
    #expect(copy == feedback)
    let second = try copy.encode([3, 2], with: codec, using: &random)
    #expect(try codec.decode(second, count: 2) == [0, 4])
    #expect(copy.residual == [3, 0])
  }

  @Test func `an update that cannot be sent does not change the residual`() throws {
    var random = RandomStream(seed: 0, purpose: "rounding")
    var feedback = ErrorFeedback()
    _ = try feedback.encode([3, 2], with: TopKCodec(fraction: 0.5), using: &random)
    let before = feedback
    #expect(throws: PayloadError.notFinite(index: 0)) {
      try feedback.encode([.nan, 2], with: TopKCodec(fraction: 0.5), using: &random)
    }
    #expect(feedback == before)
  }

  private func distance(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }
}
