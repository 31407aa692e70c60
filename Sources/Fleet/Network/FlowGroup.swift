import EventSimulation

/// The flows of a shared link that have the same cap, and therefore always the same rate.
///
/// The amount that each of them has been served since the group began is a single number,
/// `service`. A flow ends when that number reaches its value at the flow's start plus the flow's
/// size. The group therefore advances in O(1), whatever the number of its flows.
struct FlowGroup: Sendable {
  private(set) var cap: FlowCap
  /// Whether the flows share the remaining capacity instead of running at their cap.
  private(set) var isShared: Bool
  /// The service of each flow when the group last switched between its cap and the shared level.
  private(set) var service: Int128
  /// When that was: nanoseconds for a group at its cap, the link's level for one that shares.
  private(set) var since: Int128
  /// A heap with the flow that ends next at the front.
  private(set) var flows: [Flow] = []

  struct Flow: Comparable, Sendable {
    /// The service at which the flow ends.
    let end: Int128
    let number: Int
    /// The link's slot for the flow.
    let slot: Int32

    static func < (lhs: Self, rhs: Self) -> Bool {
      lhs.end < rhs.end || (lhs.end == rhs.end && lhs.number < rhs.number)
    }
  }

  /// The location of a flow: the slot of its group, and its index in the group's heap.
  struct Location: Sendable {
    var group: Int32
    var index: Int32 = 0
  }

  /// When the next flow of a group ends: in nanoseconds for a group at its cap, as the link's level
  /// for one that shares. Of groups that end together, the one with the smaller cap is first.
  struct End: Comparable, Sendable {
    var moment: Int128
    var cap: FlowCap

    static func < (lhs: Self, rhs: Self) -> Bool {
      lhs.moment < rhs.moment || (lhs.moment == rhs.moment && lhs.cap.key < rhs.cap.key)
    }
  }

  init(cap: FlowCap, isShared: Bool, service: Int128 = 0, since: Int128) {
    (self.cap, self.isShared, self.service, self.since) = (cap, isShared, service, since)
  }

  /// Becomes another group and reuses the memory of this one, which must have no flows.
  mutating func become(_ other: FlowGroup) {
    (cap, isShared, service, since) = (other.cap, other.isShared, other.service, other.since)
    if flows.capacity > Self.keptCapacity { flows = [] }
  }

  private static var keptCapacity: Int { 8 }

  /// The service of each flow at an instant with the given level of the link.
  @inline(__always)
  func service(at nanoseconds: Int64, _ level: Int128) -> Int128 {
    isShared
      ? service + (level - since) * Int128(cap.weight)
      : service + FluidAmount.units(of: cap.rate, in: nanoseconds - Int64(since))
  }

  /// When the next flow ends, if the group stays in its current state.
  var end: End {
    let wait = max(0, flows[0].end - service)
    return End(
      moment: since
        + (isShared
          ? cap.level(for: wait) : FluidAmount.nanoseconds(for: wait, each: 1, at: cap.rate)),
      cap: cap)
  }

  mutating func change(isShared: Bool, at nanoseconds: Int64, _ level: Int128) {
    service = service(at: nanoseconds, level)
    since = isShared ? level : Int128(nanoseconds)
    self.isShared = isShared
  }

  mutating func insert(_ flow: Flow, _ locations: inout [Location]) {
    flows.append(flow)
    settle(flow, from: flows.count - 1, &locations)
  }

  mutating func remove(at index: Int, _ locations: inout [Location]) -> Flow {
    let removed = flows[index]
    let last = flows.removeLast()
    if index < flows.count { settle(last, from: index, &locations) }
    return removed
  }

  private mutating func settle(_ flow: Flow, from index: Int, _ locations: inout [Location]) {
    locations.withUnsafeMutableBufferPointer { locations in
      flows.settleInHeap(flow, from: index) { flow, index in
        locations[Int(flow.slot)].index = Int32(truncatingIfNeeded: index)
      }
    }
  }
}
