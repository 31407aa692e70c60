import EventSimulation

/// One direction of the server's link, on which fluid flows share the capacity max-min fairly.
///
/// Each flow has a cap, the rate of its device's own link. The fair rate of a flow is min(cap, L),
/// with the water level L such that the rates sum to the capacity, or L above all caps if they all
/// fit (Bertsekas and Gallager, "Data Networks", 1992, section 6.5.2, for one bottleneck).
///
/// Flows with the same cap form a group. Groups at their cap have fixed ends; those above the level
/// are all served alike, so that a single number, the integral of L, advances them all. A flow that
/// starts or ends moves L, which updates only the groups that L crosses: O(log n) per flow and
/// crossing.
///
/// Flows may have weights w: then L is the rate per unit of weight, and a flow has min(cap, w L).
///
/// All arithmetic is on whole numbers. The service is rounded down by at most one unit of
/// `FluidAmount` when the level changes, so that the rates never sum to more than the capacity, and
/// a flow ends at the first whole nanosecond at which it has been served completely.
package struct FairShareLink: Sendable {
  /// The largest capacity with exact arithmetic, which is effectively unlimited.
  package static let largestCapacity = BitRate(100_000_000_000_000)

  package let capacity: BitRate
  /// The instant up to which `level` is known.
  var now = SimulationTime.zero
  /// The integral of L since some instant, in units of `FluidAmount`.
  var level: Int128 = 0
  /// The capacity that the flows at their cap leave to all others, and the sum of the others'
  /// weights.
  private(set) var freeRate: Int
  private(set) var sharedWeight = 0
  private(set) var slotOfFlow = SlotTable()
  private(set) var locations: [FlowGroup.Location] = []
  private(set) var slotOfCap = SlotTable()
  /// Groups in vacant slots have no flows.
  var groups: [FlowGroup] = []
  /// Groups at their cap: by descending cap, and by next end.
  private(set) var cappedByCap = IndexedHeap<Descending<FlowCap>>()
  private(set) var cappedByEnd = IndexedHeap<FlowGroup.End>()
  /// Groups that share: by ascending cap, and by next end.
  private(set) var sharedByCap = IndexedHeap<FlowCap>()
  private(set) var sharedByEnd = IndexedHeap<FlowGroup.End>()

  package init(capacity: BitRate) {
    self.capacity = capacity
    freeRate = capacity.bitsPerSecond
  }

  /// The number of flows on the link.
  package var count: Int { slotOfFlow.count }

  /// Whether a flow is on the link.
  package func contains(_ flow: Int) -> Bool { slotOfFlow[flow] != nil }

  /// Starts a flow.
  ///
  /// - Parameters:
  ///   - flow: an id that is unique on the link; of flows that end together, the one with the
  ///     smaller id is first.
  ///   - weight: from 1 to 65,536; if it is not 1, a cap above 100 Tbit/s is reduced to 100 Tbit/s.
  ///   - time: not before that of any earlier change.
  package mutating func start(
    _ flow: Int, of amount: FluidAmount, cap: BitRate, weight: Int = 1, at time: SimulationTime
  ) {
    precondition(!contains(flow), "flow \(flow) is on the link")
    precondition((1...FlowCap.mostWeight).contains(weight), "a weight is from 1 to 65,536")
    advance(to: time)
    let cap = FlowCap(
      weight == 1 ? cap.bitsPerSecond : min(cap.bitsPerSecond, Self.largestCapacity.bitsPerSecond),
      weight: weight)
    let group = slotOfCap[cap.key] ?? beginGroup(cap)
    insert(flow, end: groups[group].service(at: now.nanoseconds, level) + amount.units, into: group)
    balance()
    assert(isConsistent)
  }

  /// Removes a flow, whether or not it has ended, and returns its unserved amount.
  @discardableResult
  package mutating func remove(_ flow: Int, at time: SimulationTime) -> FluidAmount {
    advance(to: time)
    guard let slot = slotOfFlow.remove(flow) else {
      preconditionFailure("flow \(flow) is not on the link")
    }
    let (group, index) = (Int(locations[slot].group), Int(locations[slot].index))
    let end = groups[group].remove(at: index, &locations).end
    let rest = max(0, end - groups[group].service(at: now.nanoseconds, level))
    count(-1, of: group)
    if groups[group].flows.isEmpty {
      _ = slotOfCap.remove(groups[group].cap.key)
      takeFromHeaps(group)
    } else if index == 0 {
      placeByEnd(group)
    }
    balance()
    if sharedWeight == 0 { level = 0 }
    assert(isConsistent)
    return FluidAmount(units: rest)
  }

  /// The unserved amount of a flow at an instant, if nothing changes on the link before.
  ///
  /// Equals the result of `remove` at that time.
  ///
  /// - Parameter time: not before that of any earlier change.
  package func rest(of flow: Int, at time: SimulationTime) -> FluidAmount {
    precondition(time >= now, "a link cannot go back in time")
    guard let slot = slotOfFlow[flow] else {
      preconditionFailure("flow \(flow) is not on the link")
    }
    let group = groups[Int(locations[slot].group)]
    let end = group.flows[Int(locations[slot].index)].end
    let served = group.service(at: time.nanoseconds, level(at: time))
    return FluidAmount(units: max(0, end - served))
  }

  /// The next flow to end, and its end time; nil if there are no flows.
  package var nextEnd: (flow: Int, time: SimulationTime)? {
    let capped = cappedByEnd.first.map { end(of: $0.number, at: $0.priority.moment) }
    guard let first = sharedByEnd.first else { return capped }
    let wait = FluidAmount.nanoseconds(
      for: max(0, first.priority.moment - level), each: sharedWeight, at: freeRate)
    let shared = end(of: first.number, at: Int128(now.nanoseconds) + wait)
    guard let capped else { return shared }
    return (shared.time, shared.flow) < (capped.time, capped.flow) ? shared : capped
  }

  /// The flows that end by an instant, in order, if only their own ends change the link before.
  ///
  /// If they all end at that instant and are in one group, this looks at no others. Otherwise their
  /// order depends on how the level moves, so they are removed from a copy of the link.
  package func ends(by time: SimulationTime) -> [Int] {
    guard let first = nextEnd, first.time <= time else { return [] }
    if first.time == time, time < .distantFuture {
      let level = level(at: time)
      let ended =
        cappedByEnd.numbers { $0.moment <= Int128(time.nanoseconds) }
        + sharedByEnd.numbers { $0.moment <= level }
      if ended.count == 1 {
        let served = groups[ended[0]].service(at: time.nanoseconds, level)
        return groups[ended[0]].flows.firstOfHeap { $0.end <= served }.map(\.number)
      }
    }
    return endsOfCopy(by: time)
  }

  /// The rate of a flow in bits per second, for reports and tests.
  package func rate(of flow: Int) -> Double? {
    guard let slot = slotOfFlow[flow] else { return nil }
    let group = groups[Int(locations[slot].group)]
    guard group.isShared else { return Double(group.cap.rate) }
    return Double(freeRate) * Double(group.cap.weight) / Double(sharedWeight)
  }

  // MARK: Time

  private mutating func advance(to time: SimulationTime) {
    precondition(time >= now, "a link cannot go back in time")
    level = level(at: time)
    now = time
  }

  /// The level at an instant, not before `now`, if nothing changes until then.
  @inline(__always)
  private func level(at time: SimulationTime) -> Int128 {
    guard sharedWeight > 0, time > now else { return level }
    let units = FluidAmount.units(of: freeRate, in: (time - now).nanoseconds)
    return level + units.quotient(by: Int128(sharedWeight))
  }

  @inline(__always)
  private func end(of group: Int, at nanoseconds: Int128) -> (flow: Int, time: SimulationTime) {
    let time = SimulationTime(nanoseconds: Int64(clamping: nanoseconds))
    return (groups[group].flows[0].number, max(now, time))
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

  // MARK: Groups

  /// Creates a group for a new flow.
  ///
  /// A new flow lowers the level, so it will share if its cap is at least that of another flow that
  /// shares. Otherwise it is assumed to run at its cap; `balance` moves it if that is too much.
  private mutating func beginGroup(_ cap: FlowCap) -> Int {
    let isShared = sharedByCap.first.map { $0.priority <= cap } ?? false
    return insert(
      FlowGroup(cap: cap, isShared: isShared, since: isShared ? level : Int128(now.nanoseconds)))
  }

  /// - Returns: the group's slot.
  mutating func insert(_ group: FlowGroup) -> Int {
    let slot = slotOfCap.insert(group.cap.key)
    if slot == groups.count {
      groups.append(group)
    } else {
      groups[slot].become(group)
    }
    placeByCap(slot)
    return slot
  }

  mutating func insert(_ flow: Int, end: Int128, into group: Int) {
    let slot = slotOfFlow.insert(flow)
    let location = FlowGroup.Location(group: Int32(group))
    if slot == locations.count {
      locations.append(location)
    } else {
      locations[slot] = location
    }
    groups[group].insert(.init(end: end, number: flow, slot: Int32(slot)), &locations)
    count(1, of: group)
    if locations[slot].index == 0 { placeByEnd(group) }
  }

  /// Updates the counts for `flows` flows of a group in its current state.
  private mutating func count(_ flows: Int, of group: Int) {
    if groups[group].isShared {
      sharedWeight += flows * groups[group].cap.weight
    } else {
      freeRate -= flows * groups[group].cap.rate
    }
  }

  private mutating func placeByCap(_ group: Int) {
    if groups[group].isShared {
      sharedByCap.set(group, to: groups[group].cap)
    } else {
      cappedByCap.set(group, to: Descending(groups[group].cap))
    }
  }

  private mutating func placeByEnd(_ group: Int) {
    if groups[group].isShared {
      sharedByEnd.set(group, to: groups[group].end)
    } else {
      cappedByEnd.set(group, to: groups[group].end)
    }
  }

  private mutating func takeFromHeaps(_ group: Int) {
    if groups[group].isShared {
      sharedByCap.remove(group)
      sharedByEnd.remove(group)
    } else {
      cappedByCap.remove(group)
      cappedByEnd.remove(group)
    }
  }

  // MARK: Balance

  /// Whether each group is on its side of the level.
  var isBalanced: Bool {
    (cappedByCap.first.map { !isAboveLevel($0.priority.value) } ?? true)
      && (sharedByCap.first.map { isAboveLevel($0.priority) } ?? true)
  }

  /// Moves groups across the level until every group at its cap has one that is not above the
  /// level, and every other group one that is.
  private mutating func balance() {
    while let (group, cap) = cappedByCap.first, isAboveLevel(cap.value) {
      change(group, isShared: true)
    }
    while let (group, cap) = sharedByCap.first, !isAboveLevel(cap) {
      change(group, isShared: false)
    }
  }

  /// Whether a cap is above the current rate of the flows that share.
  @inline(__always)
  private func isAboveLevel(_ cap: FlowCap) -> Bool {
    let (rate, overflow) = cap.rate.multipliedReportingOverflow(by: sharedWeight)
    if cap.weight == 1 { return overflow || rate > freeRate }
    let (free, freeOverflow) = freeRate.multipliedReportingOverflow(by: cap.weight)
    if !overflow, !freeOverflow { return rate > free }
    return Int128(cap.rate) * Int128(sharedWeight) > Int128(freeRate) * Int128(cap.weight)
  }

  private mutating func change(_ group: Int, isShared: Bool) {
    takeFromHeaps(group)
    count(-groups[group].flows.count, of: group)
    groups[group].change(isShared: isShared, at: now.nanoseconds, level)
    count(groups[group].flows.count, of: group)
    placeByCap(group)
    placeByEnd(group)
  }
}
