import EventSimulation

/// One direction of the server's link, on which fluid flows share the capacity max-min fairly.
///
/// Each flow has a cap, the rate of its own device's link. The fair rate of a flow is min(cap, L),
/// with the water level L such that the rates add up to the capacity, or L above all caps where they
/// all fit (Bertsekas and Gallager, "Data Networks", 1992, section 6.5.2, for one bottleneck).
///
/// Flows of one cap form a group. Groups at their cap have fixed ends; those above the level are all
/// served alike, so that a single number, the integral of L, moves them all. A flow that starts or
/// ends moves L, and only the groups that L crosses are touched: O(log n) a flow and a crossing.
///
/// All arithmetic is on whole numbers: what is served is rounded down by at most one unit of
/// `FluidAmount` when the level changes, so that the rates never add up to more than the capacity, and
/// a flow ends at the first whole nanosecond at which all of it has been served.
package struct FairShareLink: Codable, Sendable {
  package let capacity: BitRate
  /// The instant up to which `level` is known.
  private var now = SimulationTime.zero
  /// The integral of L since some instant, in units of `FluidAmount`.
  private var level: Int128 = 0
  /// The caps of the flows that run at them, added up, and the number of all others.
  private var cappedRate: Int128 = 0
  private var sharedCount: Int128 = 0
  /// By cap, which serves as a group's number.
  private var groups: [Int: FlowGroup] = [:]
  private var capOfFlow: [Int: Int] = [:]
  /// Groups at their cap: the largest cap first (as negative numbers), and by their next end in
  /// nanoseconds.
  private var cappedByCap = IndexedHeap<Int>()
  private var cappedByEnd = IndexedHeap<Int128>()
  /// Groups that share: the smallest cap first, and by the level at which a flow ends next.
  private var sharedByCap = IndexedHeap<Int>()
  private var sharedByEnd = IndexedHeap<Int128>()

  package init(capacity: BitRate) { self.capacity = capacity }

  /// How many flows are on the link.
  package var count: Int { capOfFlow.count }

  /// Whether a flow is on the link.
  package func contains(_ flow: Int) -> Bool { capOfFlow[flow] != nil }

  /// Puts a flow on the link.
  ///
  /// - Parameters:
  ///   - flow: a number that no other flow on the link has; of flows that end together, the one with
  ///     the smaller number is first.
  ///   - time: not before that of any earlier change.
  package mutating func start(
    _ flow: Int, of amount: FluidAmount, cap: BitRate, at time: SimulationTime
  ) {
    advance(to: time)
    let cap = cap.bitsPerSecond
    precondition(capOfFlow.updateValue(cap, forKey: flow) == nil, "flow \(flow) is on the link")
    // A new group is taken for one at its cap; `balance` moves it where that is too much.
    var group = groups.removeValue(forKey: cap) ?? FlowGroup(since: Int128(now.nanoseconds))
    group.ends.set(flow, to: service(of: group, cap, at: now) + amount.units)
    count(1, cap, group)
    place(cap, group)
    balance()
  }

  /// Takes a flow off the link, ended or not, and gives what of it has not been served.
  @discardableResult
  package mutating func remove(_ flow: Int, at time: SimulationTime) -> FluidAmount {
    advance(to: time)
    guard let cap = capOfFlow.removeValue(forKey: flow),
      var group = groups.removeValue(forKey: cap),
      let end = group.ends.remove(flow)
    else { preconditionFailure("flow \(flow) is not on the link") }
    let rest = FluidAmount(units: max(0, end - service(of: group, cap, at: now)))
    count(-1, cap, group)
    place(cap, group)
    balance()
    if sharedCount == 0 { level = 0 }
    return rest
  }

  /// What of a flow will not have been served at an instant, if nothing changes on the link before.
  ///
  /// It is what `remove` would give then.
  ///
  /// - Parameter time: not before that of any earlier change.
  package func rest(of flow: Int, at time: SimulationTime) -> FluidAmount {
    precondition(time >= now, "a link cannot go back in time")
    guard let cap = capOfFlow[flow], let group = groups[cap], let end = group.ends[flow] else {
      preconditionFailure("flow \(flow) is not on the link")
    }
    return FluidAmount(units: max(0, end - service(of: group, cap, at: time)))
  }

  /// The flow that ends next, and when; nil where there is none.
  package var nextEnd: (flow: Int, time: SimulationTime)? {
    let capped = cappedByEnd.first.map { end(of: $0.number, at: $0.priority) }
    let shared = sharedByEnd.first.map { first in
      let wait = max(0, first.priority - level) * sharedCount
      let nanoseconds = wait.dividedUp(by: freeRate * FluidAmount.unitsOfRate)
      return end(of: first.number, at: Int128(now.nanoseconds) + nanoseconds)
    }
    guard let capped, let shared else { return capped ?? shared }
    return (shared.time, shared.flow) < (capped.time, capped.flow) ? shared : capped
  }

  /// The flows that end by an instant where nothing but their ends changes before, in their order.
  ///
  /// Where they all end at that instant and are of one group, it looks at no others. Otherwise their
  /// order depends on how the level moves, and it takes them off a copy of the link.
  package func ends(by time: SimulationTime) -> [Int] {
    guard let first = nextEnd, first.time <= time else { return [] }
    if first.time == time, time < .distantFuture {
      let level = level(at: time)
      let ended =
        cappedByEnd.numbers { $0 <= Int128(time.nanoseconds) }
        + sharedByEnd.numbers { $0 <= level }
      if ended.count == 1, let group = groups[ended[0]] {
        let service = service(of: group, ended[0], at: time)
        return group.ends.numbers { $0 <= service }
      }
    }
    return endsOfCopy(by: time)
  }

  /// The rate of a flow in bits per second, for reports and tests.
  package func rate(of flow: Int) -> Double? {
    guard let cap = capOfFlow[flow], let group = groups[cap] else { return nil }
    return group.isShared ? Double(freeRate) / Double(sharedCount) : Double(cap)
  }

  // MARK: Parts

  /// What the groups at their cap leave to the others.
  private var freeRate: Int128 { Int128(capacity.bitsPerSecond) - cappedRate }

  private mutating func advance(to time: SimulationTime) {
    precondition(time >= now, "a link cannot go back in time")
    level = level(at: time)
    now = time
  }

  /// The level at an instant, which is not before `now`, if nothing changes until then.
  private func level(at time: SimulationTime) -> Int128 {
    guard sharedCount > 0 else { return level }
    let elapsed = Int128((time - now).nanoseconds)
    return level + freeRate * FluidAmount.unitsOfRate * elapsed / sharedCount
  }

  /// What each flow of the group has been served by an instant that is not before `now`.
  private func service(of group: FlowGroup, _ cap: Int, at time: SimulationTime) -> Int128 {
    group.isShared
      ? group.service + level(at: time) - group.since
      : group.service
        + Int128(cap) * FluidAmount.unitsOfRate * (Int128(time.nanoseconds) - group.since)
  }

  private func endsOfCopy(by time: SimulationTime) -> [Int] {
    var rest = self
    var flows: [Int] = []
    while let end = rest.nextEnd, end.time <= time {
      flows.append(end.flow)
      rest.remove(end.flow, at: end.time)
    }
    return flows
  }

  private func end(of cap: Int, at nanoseconds: Int128) -> (flow: Int, time: SimulationTime) {
    guard let flow = groups[cap]?.ends.first?.number else {
      preconditionFailure("a group on the link has a flow")
    }
    let time = SimulationTime(nanoseconds: Int64(clamping: nanoseconds))
    return (flow, max(now, time))
  }

  private mutating func count(_ flows: Int128, _ cap: Int, _ group: FlowGroup) {
    if group.isShared { sharedCount += flows } else { cappedRate += flows * Int128(cap) }
  }

  /// Puts a group that has changed back where it belongs, or lets go of it where it has no flow.
  private mutating func place(_ cap: Int, _ group: FlowGroup) {
    guard let end = group.ends.first?.priority else {
      cappedByCap.remove(cap)
      cappedByEnd.remove(cap)
      sharedByCap.remove(cap)
      sharedByEnd.remove(cap)
      return
    }
    let wait = max(0, end - group.service)
    if group.isShared {
      sharedByCap.set(cap, to: cap)
      sharedByEnd.set(cap, to: group.since + wait)
    } else {
      cappedByCap.set(cap, to: -cap)
      cappedByEnd.set(
        cap, to: group.since + wait.dividedUp(by: Int128(cap) * FluidAmount.unitsOfRate))
    }
    groups[cap] = group
  }

  /// Moves groups across the level until those at their cap have one that is not above it, and the
  /// others one that is.
  private mutating func balance() {
    while let cap = cappedByCap.first?.number, Int128(cap) * sharedCount > freeRate {
      change(cap, isShared: true)
    }
    while let cap = sharedByCap.first?.number, Int128(cap) * sharedCount <= freeRate {
      change(cap, isShared: false)
    }
  }

  private mutating func change(_ cap: Int, isShared: Bool) {
    guard var group = groups.removeValue(forKey: cap) else {
      preconditionFailure("there is no group of the cap \(cap)")
    }
    let flows = Int128(group.ends.count)
    count(-flows, cap, group)
    group.service = service(of: group, cap, at: now)
    group.isShared = isShared
    group.since = isShared ? level : Int128(now.nanoseconds)
    count(flows, cap, group)
    if isShared {
      cappedByCap.remove(cap)
      cappedByEnd.remove(cap)
    } else {
      sharedByCap.remove(cap)
      sharedByEnd.remove(cap)
    }
    place(cap, group)
  }
}
