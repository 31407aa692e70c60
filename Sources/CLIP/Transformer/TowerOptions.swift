/// Execution options of a tower, which change its cost but not its result.
package struct TowerOptions: Sendable {
  /// Whether the last block computes only the pooled rows.
  package var prunesLastBlock: Bool
  /// Whether to use activation checkpointing: the forward pass keeps only each block's input, and
  /// the backward pass recomputes the block from it (Chen et al., arXiv 1604.06174).
  package var recomputesBlocks: Bool

  package init(prunesLastBlock: Bool = true, recomputesBlocks: Bool = false) {
    self.prunesLastBlock = prunesLastBlock
    self.recomputesBlocks = recomputesBlocks
  }
}
