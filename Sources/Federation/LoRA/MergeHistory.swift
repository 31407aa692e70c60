import Adaptation

/// The number of columns of low-rank changes that each version has added to the weights, which a
/// client that missed versions must download.
struct MergeHistory: Codable, Sendable {
  private var ranks: [Int] = []

  mutating func append(rank: Int) { ranks.append(rank) }

  /// The number of values needed to transfer the changes since a version: the stacked low-rank
  /// changes of each layer, or its dense change if that is shorter.
  ///
  /// - Parameter last: nil for a client without a version, which has only the base.
  func numbers(since last: Int?, _ shape: LoRAShape) -> Int {
    let rank = ranks[min(last ?? 0, ranks.count)...].reduce(0, +)
    return shape.layers.reduce(0) {
      $0 + min(rank * ($1.inputs + $1.outputs), $1.count)
    }
  }
}
