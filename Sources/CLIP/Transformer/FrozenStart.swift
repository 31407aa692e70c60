import Tensors

/// What the blocks below the lowest trained layer make of some texts: computed once, and read by every
/// step.
///
/// Nothing below the lowest trained layer changes while a client trains, so that its output for a
/// prompt is the same at every step.
package struct FrozenStart: Sendable {
  /// The block that the steps start in.
  let block: Int
  /// The block's input, [rows, width].
  let input: FrozenRows
  /// What the block's attention mixes, [rows, width], where nothing up to there is trained.
  let mixed: FrozenRows?

  /// The start of some of the rows.
  package func gathering(_ rows: [Int32]) -> FrozenStart {
    FrozenStart(block: block, input: input.gathering(rows), mixed: mixed?.gathering(rows))
  }
}
