import EventSimulation

@testable import Fleet

/// Drives a `FairShareLink` through a list of flows, as a simulation would.
struct LinkRun {
  struct Flow {
    let number: Int
    let start: Int64
    let bytes: Int
    let cap: Int
    /// When it is removed, in nanoseconds, if before its end.
    var cancelled: Int64?
  }

  struct End: Equatable {
    let number: Int
    let nanoseconds: Int64
    let rest: FluidAmount
  }

  private(set) var link: FairShareLink
  private(set) var ends: [End] = []
  /// Called after every change.
  var watch: (FairShareLink, SimulationTime) -> Void = { _, _ in }

  init(capacity: Int) { link = FairShareLink(capacity: BitRate(capacity)) }

  mutating func run(_ flows: [Flow]) -> [End] {
    var waiting = flows.sorted { ($0.start, $0.number) < ($1.start, $1.number) }[...]
    var cancels: [(time: Int64, number: Int)] = flows.compactMap { flow in
      flow.cancelled.map { ($0, flow.number) }
    }.sorted { $0 < $1 }
    var isRunning: Set<Int> = []
    while true {
      let end = link.nextEnd
      let times = [end?.time.nanoseconds, cancels.first?.time, waiting.first?.start]
      guard let next = times.compactMap({ $0 }).min() else { break }
      let time = SimulationTime(nanoseconds: next)
      if let end, end.time == time {
        finish(end.flow, at: time, &isRunning)
      } else if let cancel = cancels.first, cancel.time == next {
        cancels.removeFirst()
        if isRunning.contains(cancel.number) { finish(cancel.number, at: time, &isRunning) }
      } else if let flow = waiting.popFirst() {
        link.start(
          flow.number, of: FluidAmount(ByteCount(flow.bytes)), cap: BitRate(flow.cap), at: time)
        isRunning.insert(flow.number)
      }
      watch(link, time)
    }
    return ends.sorted { $0.number < $1.number }
  }

  private mutating func finish(
    _ flow: Int, at time: SimulationTime, _ isRunning: inout Set<Int>
  ) {
    isRunning.remove(flow)
    let rest = link.remove(flow, at: time)
    ends.append(End(number: flow, nanoseconds: time.nanoseconds, rest: rest))
  }
}
