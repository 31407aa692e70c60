import EventSimulation

@testable import Fleet

/// The exact twin of `FairShareLink`: all flows in a list that is searched anew at every change, in the
/// same whole numbers.
///
/// `WaterFilling` tells whether the link is right, in floating point; this tells whether it is the same to
/// the last unit and the order of what ends together.
struct NaiveLink {
  private struct Flow {
    let number: Int
    let cap: Int128
    var isShared = false
    /// Units that it lacked when it last changed sides, and when that was: in nanoseconds at its cap, by
    /// the level where it shares.
    var rest: Int128
    var since: Int128
  }

  let capacity: Int128
  private var flows: [Flow] = []
  private var now: Int128 = 0
  private var level: Int128 = 0

  init(capacity: Int) { self.capacity = Int128(capacity) }

  mutating func start(_ number: Int, of amount: FluidAmount, cap: Int, at time: SimulationTime) {
    advance(to: time)
    flows.append(Flow(number: number, cap: Int128(cap), rest: amount.units, since: now))
    share()
  }

  mutating func remove(_ number: Int, at time: SimulationTime) -> FluidAmount {
    advance(to: time)
    let flow = flows.remove(at: flows.firstIndex { $0.number == number }!)
    share()
    let rest = FluidAmount(units: max(0, rest(of: flow)))
    if sharedCount == 0 { level = 0 }
    return rest
  }

  var nextEnd: (flow: Int, time: SimulationTime)? {
    let candidates = [false, true].compactMap { isShared in
      flows.filter { $0.isShared == isShared }.min { key(of: $0) < key(of: $1) }
    }
    let ends = candidates.map { flow in
      let wait = max(0, moment(of: flow) - level) * sharedCount
      let time = flow.isShared ? now + roundedUp(wait, freeRate * 256) : moment(of: flow)
      return (time: max(now, min(time, Int128(Int64.max))), flow: flow.number)
    }
    return ends.min { $0 < $1 }.map { ($0.flow, SimulationTime(nanoseconds: Int64($0.time))) }
  }

  /// Of flows at their cap, and of those that share, the first by this ends first.
  private func key(of flow: Flow) -> (Int128, Int128, Int128, Int) {
    (moment(of: flow), flow.cap, rest(of: flow), flow.number)
  }

  private func moment(of flow: Flow) -> Int128 {
    let rest = max(0, flow.rest)
    return flow.since + (flow.isShared ? rest : roundedUp(rest, flow.cap * 256))
  }

  private func rest(of flow: Flow) -> Int128 {
    flow.rest - (flow.isShared ? level - flow.since : flow.cap * 256 * (now - flow.since))
  }

  private var sharedCount: Int128 { Int128(flows.count { $0.isShared }) }

  private var freeRate: Int128 {
    capacity - flows.filter { !$0.isShared }.reduce(0) { $0 + $1.cap }
  }

  private mutating func advance(to time: SimulationTime) {
    let elapsed = Int128(time.nanoseconds) - now
    if sharedCount > 0 { level += freeRate * 256 * elapsed / sharedCount }
    now += elapsed
  }

  /// Lets those share whose caps are above the level, from the largest cap down.
  private mutating func share() {
    var lowest = Int128.max
    while let next = flows.map(\.cap).filter({ $0 < lowest }).max() {
      let free = capacity - flows.filter { $0.cap < lowest }.reduce(0) { $0 + $1.cap }
      if next * Int128(flows.count { $0.cap >= lowest }) <= free { break }
      lowest = next
    }
    for index in flows.indices where flows[index].isShared != (flows[index].cap >= lowest) {
      flows[index].rest = rest(of: flows[index])
      flows[index].isShared.toggle()
      flows[index].since = flows[index].isShared ? level : now
    }
  }

  private func roundedUp(_ number: Int128, _ divisor: Int128) -> Int128 {
    (number + divisor - 1) / divisor
  }
}
