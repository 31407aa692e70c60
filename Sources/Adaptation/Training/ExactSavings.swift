/// Work that published code does and a step can skip without changing its result.
///
/// The engine skips all of it. A set without one of the options gives a naive reference
/// implementation, for tests, for benchmarks, and for estimating the cost of other code on a
/// device.
package struct ExactSavings: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// Computes the features of a frozen vision tower once per sample.
  package static let keptImageFeatures = ExactSavings(rawValue: 1 << 0)
  /// Encodes each distinct prompt once per step, regardless of its number of images.
  package static let distinctPrompts = ExactSavings(rawValue: 1 << 1)
  /// Truncates texts after their end token, since later tokens cannot influence it.
  package static let cutTexts = ExactSavings(rawValue: 1 << 2)
  /// Shares the rows of common prompt prefixes.
  package static let sharedPrefixes = ExactSavings(rawValue: 1 << 3)
  /// Computes everything below the lowest trained layer once per prompt.
  package static let frozenStart = ExactSavings(rawValue: 1 << 4)
  /// Computes only the rows that represent texts or images in a tower's last block.
  package static let prunedLastBlock = ExactSavings(rawValue: 1 << 5)
  /// Shares the first pass of the prompts among clients that start from the same version.
  package static let sharedFirstPass = ExactSavings(rawValue: 1 << 6)
  /// Stacks the rows of several clients over the shared frozen weights.
  package static let stackedClients = ExactSavings(rawValue: 1 << 7)

  /// Packs the text tower's frozen weights once for products with few rows.
  package static let packedWeights = ExactSavings(rawValue: 1 << 8)

  package static let all: ExactSavings = [
    .keptImageFeatures, .distinctPrompts, .cutTexts, .sharedPrefixes, .frozenStart,
    .prunedLastBlock, .sharedFirstPass, .stackedClients, .packedWeights,
  ]
}
