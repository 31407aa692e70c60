/// The maximum rate of a flow, and its weight when sharing a link.
///
/// Ordered by rate / weight: as the level falls, the flow with the largest ratio is the first that
/// shares.
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

  /// A unique number for each cap: the rate itself for a weight of one. With any other weight, the
  /// rate is at most the largest capacity of a link.
  var key: Int { weight == 1 ? rate : -(rate * (Self.mostWeight + 1) + weight) }

  /// The level, per unit of weight, at which `units` are served, rounded up.
  @inline(__always)
  func level(for units: Int128) -> Int128 {
    weight == 1 ? units : (units + Int128(weight) - 1) / Int128(weight)
  }
}
