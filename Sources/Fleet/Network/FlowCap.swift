/// What a flow has at most, and its weight among those that share a link.
///
/// They are ordered by rate / weight: where the level falls, the flow with the largest is the first that shares.
struct FlowCap: Hashable, Comparable, Codable, Sendable {
  /// Bits per second.
  let rate: Int
  /// From 1 to `mostWeight`.
  let weight: Int

  static let mostWeight = 1 << 16

  init(_ rate: Int, weight: Int = 1) {
    self.rate = rate
    self.weight = weight
  }

  static func < (lhs: Self, rhs: Self) -> Bool {
    if lhs.weight == rhs.weight { return lhs.rate < rhs.rate }
    let (left, right) = (
      lhs.rate.multipliedFullWidth(by: rhs.weight), rhs.rate.multipliedFullWidth(by: lhs.weight)
    )
    return (left.high, left.low, lhs.weight) < (right.high, right.low, rhs.weight)
  }

  /// A number that no other cap has: the rate itself for a weight of one. With any other weight, the rate is at most
  /// the largest capacity of a link.
  var key: Int { weight == 1 ? rate : -(rate * (Self.mostWeight + 1) + weight) }

  /// The level, per unit of weight, at which so many units are served, rounded up.
  @inline(__always)
  func level(for units: Int128) -> Int128 {
    weight == 1 ? units : (units + Int128(weight) - 1) / Int128(weight)
  }
}
