/// Work that a step leaves out although published code does it, without changing what it computes.
///
/// The engine leaves out all of it; a set without one of them is that one's naive twin, for tests, for
/// benchmarks, and for pricing what other code costs a device.
package struct ExactSavings: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// The features of a frozen vision tower are computed once for each sample.
  package static let keptImageFeatures = ExactSavings(rawValue: 1 << 0)
  /// Every prompt is encoded once a step, whatever number of images it belongs to.
  package static let distinctPrompts = ExactSavings(rawValue: 1 << 1)
  /// Texts end behind their end token, which nothing after it can influence.
  package static let cutTexts = ExactSavings(rawValue: 1 << 2)
  /// Prompts that begin alike share the rows of their beginning.
  package static let sharedPrefixes = ExactSavings(rawValue: 1 << 3)
  /// What lies below the lowest trained layer is computed once for each prompt.
  package static let frozenStart = ExactSavings(rawValue: 1 << 4)
  /// A tower's last block computes the rows that stand for texts or images, and no others.
  package static let prunedLastBlock = ExactSavings(rawValue: 1 << 5)
  /// Clients that start from the same version share their first pass of the prompts.
  package static let sharedFirstPass = ExactSavings(rawValue: 1 << 6)
  /// Several clients stack their rows over the shared frozen weights.
  package static let stackedClients = ExactSavings(rawValue: 1 << 7)

  /// The frozen weights of the text tower are laid out once for products with few rows.
  package static let packedWeights = ExactSavings(rawValue: 1 << 8)

  package static let all: ExactSavings = [
    .keptImageFeatures, .distinctPrompts, .cutTexts, .sharedPrefixes, .frozenStart,
    .prunedLastBlock, .sharedFirstPass, .stackedClients, .packedWeights,
  ]
}
