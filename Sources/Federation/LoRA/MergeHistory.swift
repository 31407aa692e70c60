import Adaptation

/// How many columns of low-rank changes each version has added to the weights: what a client that missed versions
/// must download in order to have them.
struct MergeHistory: Codable, Sendable {
  private var ranks: [Int] = []

  mutating func append(rank: Int) { ranks.append(rank) }

  /// How many numbers carry what was merged since a version: the stacked low-rank changes of each layer, or its
  /// dense change where that is shorter.
  ///
  /// - Parameter last: nil for a client that has had no version, and so has the base.
  func numbers(since last: Int?, _ shape: LoRAShape) -> Int {
    let rank = ranks[min(last ?? 0, ranks.count)...].reduce(0, +)
    return shape.layers.reduce(0) {
      $0 + min(rank * ($1.inputs + $1.outputs), $1.count)
    }
  }
}
