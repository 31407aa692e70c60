/// What a summary takes from a method's tested versions.
struct MethodCourse: Codable, Sendable {
  let first: RoundRecord
  private(set) var last: RoundRecord
  /// The first of those with the best accuracy.
  private(set) var best: RoundRecord?
  /// The first that reached the target.
  private(set) var reached: RoundRecord?

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
