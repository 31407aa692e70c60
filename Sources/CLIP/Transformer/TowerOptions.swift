/// How a tower runs, which changes what it costs and not what it computes.
package struct TowerOptions: Sendable {
  /// Whether the last block computes the pooled rows alone.
  package var prunesLastBlock: Bool
  /// Whether a backward pass computes each block again from the block's input, which is then all that
  /// the forward pass keeps (Chen et al., arXiv 1604.06174).
  package var recomputesBlocks: Bool

  package init(prunesLastBlock: Bool = true, recomputesBlocks: Bool = false) {
    self.prunesLastBlock = prunesLastBlock
    self.recomputesBlocks = recomputesBlocks
  }
}
