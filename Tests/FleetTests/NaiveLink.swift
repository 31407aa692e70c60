import EventSimulation

@testable import Fleet

/// A naive exact version of `FairShareLink`: all flows in a list that is searched at every change, in the
/// same integer arithmetic.
///
/// `WaterFilling` verifies the link in floating point; this verifies it to
/// the last unit, including the order of simultaneous ends.
struct NaiveLink {
  private struct Flow {
    let number: Int
    let cap: Int128
    var weight: Int128 = 1
    var isShared = false
    /// The remaining units when it last changed sides, and the time: in nanoseconds at its cap, by
    /// the level if it shares.
    var rest: Int128
    var since: Int128
  }

  let capacity: Int128
  private var flows: [Flow] = []
  private var now: Int128 = 0
  private var level: Int128 = 0

  init(capacity: Int) { self.capacity = Int128(capacity) }

  mutating func start(
    _ number: Int, of amount: FluidAmount, cap: Int, weight: Int = 1, at time: SimulationTime
  ) {
    advance(to: time)
    flows.append(
      Flow(
        number: number, cap: Int128(cap), weight: Int128(weight), rest: amount.units, since: now))
    share()
  }

  mutating func remove(_ number: Int, at time: SimulationTime) -> FluidAmount {
    advance(to: time)
    let flow = flows.remove(at: flows.firstIndex { $0.number == number }!)
    share()
    let rest = FluidAmount(units: max(0, rest(of: flow)))
    if sharedWeight == 0 { level = 0 }
    return rest
  }

  var nextEnd: (flow: Int, time: SimulationTime)? {
    let candidates = [false, true].compactMap { isShared in
      flows.filter { $0.isShared == isShared }.min { key(of: $0) < key(of: $1) }
    }
    let ends = candidates.map { flow in
      let wait = max(0, moment(of: flow) - level) * sharedWeight
      let time = flow.isShared ? now + roundedUp(wait, freeRate * 256) : moment(of: flow)
      return (time: max(now, min(time, Int128(Int64.max))), flow: flow.number)
    }
    return ends.min { $0 < $1 }.map { ($0.flow, SimulationTime(nanoseconds: Int64($0.time))) }
  }

  /// Among flows at their cap, and among those that share, the first by this order ends first.
  private func key(of flow: Flow) -> (Int128, Int128, Int128, Int) {
    (
      moment(of: flow), flow.weight == 1 ? flow.cap : -(flow.cap * 65_537 + flow.weight),
      rest(of: flow), flow.number
    )
  }

  private func moment(of flow: Flow) -> Int128 {
    let rest = max(0, flow.rest)
    return flow.since
      + (flow.isShared ? roundedUp(rest, flow.weight) : roundedUp(rest, flow.cap * 256))
  }

  private func rest(of flow: Flow) -> Int128 {
    flow.rest
      - (flow.isShared
        ? (level - flow.since) * flow.weight : flow.cap * 256 * (now - flow.since))
  }

  private var sharedWeight: Int128 { flows.reduce(0) { $0 + ($1.isShared ? $1.weight : 0) } }

  private var freeRate: Int128 {
    capacity - flows.filter { !$0.isShared }.reduce(0) { $0 + $1.cap }
  }

  private mutating func advance(to time: SimulationTime) {
    let elapsed = Int128(time.nanoseconds) - now
    if sharedWeight > 0 { level += freeRate * 256 * elapsed / sharedWeight }
    now += elapsed
  }

  /// Makes flows with caps above the level share, in descending order of cap per weight.
  private mutating func share() {
    let order = flows.indices.sorted {
      flows[$0].cap * flows[$1].weight > flows[$1].cap * flows[$0].weight
    }
    var (sharing, weight) = (Set<Int>(), Int128(0))
    var free = capacity - flows.reduce(0) { $0 + $1.cap }
    for index in order {
      // If those before it share what the others leave, is its cap above its share?
      if flows[index].cap * weight <= free * flows[index].weight { break }
      sharing.insert(index)
      weight += flows[index].weight
      free += flows[index].cap
    }
    for index in flows.indices where flows[index].isShared != sharing.contains(index) {
      flows[index].rest = rest(of: flows[index])
      flows[index].isShared.toggle()
      flows[index].since = flows[index].isShared ? level : now
    }
  }

  private func roundedUp(_ number: Int128, _ divisor: Int128) -> Int128 {
    (number + divisor - 1) / divisor
  }
}
