/// The combinations of a sweep that one of several processes runs: every `count`-th, from the `number`-th on.
package struct SweepPart: Equatable, Sendable {
  /// From 1 to `count`.
  package let number: Int
  package let count: Int

  /// - Parameter text: such as `2/8`.
  package init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1], count >= 1,
      (1...count).contains(number)
    else { return nil }
    self.number = number
    self.count = count
  }

  /// Whether a combination belongs to it.
  ///
  /// - Parameter index: the combination's, from 0 on.
  func contains(_ index: Int) -> Bool { index % count == number - 1 }
}
