/// The tested versions of a method, as needed for its summary.
package struct MethodHistory: Codable, Sendable {
  package let first: RoundRecord
  package private(set) var last: RoundRecord
  /// The first version with the best accuracy.
  package private(set) var best: RoundRecord?
  /// The first version that reached the target.
  package private(set) var reached: RoundRecord?
  /// The first version whose loss is NaN or infinite.
  private var diverged: RoundRecord?

  init(_ first: RoundRecord, target: Double?) {
    self.first = first
    last = first
    add(first, target: target)
  }

  mutating func add(_ round: RoundRecord, target: Double?) {
    last = round
    if diverged == nil, let loss = round.testLoss, !loss.isFinite { diverged = round }
    guard let accuracy = round.testAccuracy else { return }
    if accuracy > best?.testAccuracy ?? -.infinity { best = round }
    if reached == nil, let target, accuracy >= target { reached = round }
  }

  /// A remark for the user about the tests; nil if there is none.
  package var remark: String? {
    diverged.map {
      "training diverged: at version \($0.round) the scores of test images are NaN or infinite; these images count as wrong"
    }
  }
}
