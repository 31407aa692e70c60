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
/// Flows may have weights w: then L is the rate for each unit of weight, and a flow has min(cap, w L).
///
/// All arithmetic is on whole numbers: what is served is rounded down by at most one unit of
/// `FluidAmount` when the level changes, so that the rates never add up to more than the capacity, and
/// a flow ends at the first whole nanosecond at which all of it has been served.
package struct FairShareLink: Sendable {
  /// The largest capacity for which the arithmetic is exact, and so one on which no flow is in another's way.
  package static let largestCapacity = BitRate(100_000_000_000_000)

  package let capacity: BitRate
  /// The instant up to which `level` is known.
  var now = SimulationTime.zero
  /// The integral of L since some instant, in units of `FluidAmount`.
  var level: Int128 = 0
  /// What the flows at their cap leave to all others, and the sum of those' weights.
  private(set) var freeRate: Int
  private(set) var sharedWeight = 0
  private(set) var slotOfFlow = SlotTable()
  private(set) var locations: [FlowGroup.Location] = []
  private(set) var slotOfCap = SlotTable()
  /// Those in vacant slots have no flows.
  var groups: [FlowGroup] = []
  /// Groups at their cap: the largest cap first, and by their next end.
  private(set) var cappedByCap = IndexedHeap<Descending<FlowCap>>()
  private(set) var cappedByEnd = IndexedHeap<FlowGroup.End>()
  /// Groups that share: the smallest cap first, and by their next end.
  private(set) var sharedByCap = IndexedHeap<FlowCap>()
  private(set) var sharedByEnd = IndexedHeap<FlowGroup.End>()

  package init(capacity: BitRate) {
    self.capacity = capacity
    freeRate = capacity.bitsPerSecond
  }

  /// How many flows are on the link.
  package var count: Int { slotOfFlow.count }

  /// Whether a flow is on the link.
  package func contains(_ flow: Int) -> Bool { slotOfFlow[flow] != nil }

  /// Puts a flow on the link.
  ///
  /// - Parameters:
  ///   - flow: a number that no other flow on the link has; of flows that end together, the one with
  ///     the smaller number is first.
  ///   - weight: from 1 to 65,536; where it is not 1, a cap above 100 Tbit/s is one of 100 Tbit/s.
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

  /// Takes a flow off the link, ended or not, and gives what of it has not been served.
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

  /// What of a flow will not have been served at an instant, if nothing changes on the link before.
  ///
  /// It is what `remove` would give then.
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

  /// The flow that ends next, and when; nil where there is none.
  package var nextEnd: (flow: Int, time: SimulationTime)? {
    let capped = cappedByEnd.first.map { end(of: $0.number, at: $0.priority.moment) }
    guard let first = sharedByEnd.first else { return capped }
    let wait = FluidAmount.nanoseconds(
      for: max(0, first.priority.moment - level), each: sharedWeight, at: freeRate)
    let shared = end(of: first.number, at: Int128(now.nanoseconds) + wait)
    guard let capped else { return shared }
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

  /// The level at an instant, which is not before `now`, if nothing changes until then.
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

  /// Makes a group for a new flow.
  ///
  /// A new flow lowers the level, so that one whose cap is not below that of another that shares will
  /// share too. Any other is taken for one at its cap; `balance` moves it where that is too much.
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

  /// Counts so many flows of a group where it is now.
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

  /// Moves groups across the level until those at their cap have one that is not above it, and the
  /// others one that is.
  private mutating func balance() {
    while let (group, cap) = cappedByCap.first, isAboveLevel(cap.value) {
      change(group, isShared: true)
    }
    while let (group, cap) = sharedByCap.first, !isAboveLevel(cap) {
      change(group, isShared: false)
    }
  }

  /// Whether a cap is above what each of the flows that share has.
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
