import EventSimulation
import Fleet

/// What edges moved over their backhauls and used, and how their work for the cloud ended.
public struct EdgeActivity: Sendable, Equatable, Codable {
  /// Versions of edges that the cloud took in.
  public internal(set) var completed = 0
  /// Edges that failed.
  public internal(set) var failed = 0
  public internal(set) var spent = EdgeSpending()

  /// Whether nothing happened.
  var isEmpty: Bool {
    var rest = self
    if rest.spent.energy == .zero { rest.spent.energy = nil }
    return rest == EdgeActivity()
  }

  static func + (lhs: Self, rhs: Self) -> Self {
    var sum = lhs
    sum.completed += rhs.completed
    sum.failed += rhs.failed
    sum.spent += rhs.spent
    return sum
  }
}

/// What an edge has moved over its backhaul and used.
public struct EdgeSpending: Sendable, Equatable, Codable {
  public var bytesDown = ByteCount.zero
  public var bytesUp = ByteCount.zero
  /// The same with framing and headers.
  public var wireBytesDown = ByteCount.zero
  public var wireBytesUp = ByteCount.zero
  /// The time of transfers, each from its beginning to its end.
  public var transferTime = SimulationDuration.zero
  /// Nil where the edges' power is not known.
  public var energy: Energy?

  package init() {}

  package static func += (lhs: inout Self, rhs: Self) {
    lhs.bytesDown += rhs.bytesDown
    lhs.bytesUp += rhs.bytesUp
    lhs.wireBytesDown += rhs.wireBytesDown
    lhs.wireBytesUp += rhs.wireBytesUp
    lhs.transferTime += rhs.transferTime
    if let energy = rhs.energy { lhs.energy = (lhs.energy ?? .zero) + energy }
  }

  /// What is more in the left than in the right, which is not more in anything.
  package static func - (lhs: Self, rhs: Self) -> Self {
    var rest = lhs
    rest.bytesDown = ByteCount(lhs.bytesDown.bytes - rhs.bytesDown.bytes)
    rest.bytesUp = ByteCount(lhs.bytesUp.bytes - rhs.bytesUp.bytes)
    rest.wireBytesDown = ByteCount(lhs.wireBytesDown.bytes - rhs.wireBytesDown.bytes)
    rest.wireBytesUp = ByteCount(lhs.wireBytesUp.bytes - rhs.wireBytesUp.bytes)
    rest.transferTime = lhs.transferTime - rhs.transferTime
    rest.energy = lhs.energy.map { $0 - (rhs.energy ?? .zero) }
    return rest
  }
}
