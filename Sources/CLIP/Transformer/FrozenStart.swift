import Tensors

/// The output of the blocks below the lowest trained layer for some texts, computed once and used
/// by every step.
///
/// Nothing below the lowest trained layer changes during a client's training, so its output for a
/// prompt is the same at every step.
package struct FrozenStart: Sendable {
  /// The block at which steps start.
  let block: Int
  /// The block's input, [rows, width].
  let input: FrozenRows
  /// The attention's output before its projection, [rows, width], if nothing up to there is
  /// trained.
  let mixed: FrozenRows?

  /// The start for a selection of the rows.
  package func gathering(_ rows: [Int32]) -> FrozenStart {
    FrozenStart(block: block, input: input.gathering(rows), mixed: mixed?.gathering(rows))
  }
}
