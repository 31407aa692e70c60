/// What a summary takes from a method's tested versions.
package struct MethodHistory: Codable, Sendable {
  package let first: RoundRecord
  package private(set) var last: RoundRecord
  /// The first of those with the best accuracy.
  package private(set) var best: RoundRecord?
  /// The first that reached the target.
  package private(set) var reached: RoundRecord?

  init(_ first: RoundRecord, target: Double?) {
    self.first = first
    last = first
    add(first, target: target)
  }

  mutating func add(_ round: RoundRecord, target: Double?) {
    last = round
    guard let accuracy = round.testAccuracy else { return }
    if accuracy > best?.testAccuracy ?? -.infinity { best = round }
    if reached == nil, let target, accuracy >= target { reached = round }
  }
}
