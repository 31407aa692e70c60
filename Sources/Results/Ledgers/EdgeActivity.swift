import EventSimulation
import Fleet

/// The backhaul traffic and energy of edges, and the outcomes of their work for the cloud.
public struct EdgeActivity: Sendable, Equatable, Codable {
  /// The number of versions of edges that the cloud used.
  public internal(set) var completed = 0
  /// The number of edges that failed.
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

/// The backhaul traffic of an edge, and its energy.
public struct EdgeSpending: Sendable, Equatable, Codable {
  public var bytesDown = ByteCount.zero
  public var bytesUp = ByteCount.zero
  /// Including framing and headers.
  public var wireBytesDown = ByteCount.zero
  public var wireBytesUp = ByteCount.zero
  /// The total time of transfers, each from its start to its end.
  public var transferTime = SimulationDuration.zero
  /// Nil if the edges' power consumption is unknown.
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

  /// The left minus the right, which is not larger in any field.
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
