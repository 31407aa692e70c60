/// The combinations of a sweep that one of several processes runs: every `count`-th, starting with
/// the `number`-th.
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

  /// Whether the part contains a combination.
  ///
  /// - Parameter index: the index of the combination, starting at 0.
  func contains(_ index: Int) -> Bool { index % count == number - 1 }
}
