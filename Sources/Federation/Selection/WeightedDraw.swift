import Foundation
import Randomness

/// Sequential draws without replacement, each with probability proportional to the remaining
/// weights.
///
/// Selects the elements with the largest log(u) / w, u uniform (Efraimidis and Spirakis, "Weighted
/// random sampling with a reservoir", 2006). u is derived from the seed, the round and the
/// element's id, so the order of the elements does not matter. Elements without weight are never
/// drawn.
struct WeightedDraw {
  let seed: UInt64
  let purpose: StaticString
  let round: Int

  /// - Returns: the ids in ascending order; fewer than `size` if fewer have a weight.
  func draw(_ size: Int, from weights: some Sequence<(id: Int, weight: Double)>) -> [Int] {
    let keys = weights.compactMap { element -> (id: Int, key: Double)? in
      guard element.weight > 0 else { return nil }
      var random = RandomStream(seed: seed, purpose: purpose, round, element.id)
      return (element.id, log(1 - random.uniform()) / element.weight)
    }
    return keys.sorted { ($1.key, $0.id) < ($0.key, $1.id) }.prefix(size).map(\.id).sorted()
  }
}
