/// A naive version of `FairShareLink`: all rates are recomputed whenever a flow starts or ends.
struct WaterFilling {
  struct Flow {
    let number: Int
    let start: Double
    let bits: Double
    let cap: Double
    /// When it is removed from the link, if before its end.
    var cancelled = Double.infinity
  }

  struct End: Equatable {
    let number: Int
    let time: Double
    /// The remaining bits.
    let rest: Double
  }

  let capacity: Double

  /// Max-min fair rates, by processing the caps in ascending order.
  func rates(_ caps: [Double]) -> [Double] {
    var rates = caps
    var left = capacity
    for (place, index) in caps.indices.sorted(by: { caps[$0] < caps[$1] }).enumerated() {
      rates[index] = min(caps[index], left / Double(caps.count - place))
      left -= rates[index]
    }
    return rates
  }

  /// When each flow ends, in seconds, by number.
  func ends(_ flows: [Flow]) -> [End] {
    var waiting = flows.sorted { $0.start < $1.start }[...]
    var running: [(flow: Flow, rest: Double)] = []
    var ends: [End] = []
    var now = 0.0
    while !waiting.isEmpty || !running.isEmpty {
      let rates = rates(running.map(\.flow.cap))
      let runningEnds = zip(running, rates).map { now + $0.rest / $1 }
      let cancels = running.map(\.flow.cancelled)
      let next = (runningEnds + cancels + [waiting.first?.start ?? .infinity]).min()!
      for index in running.indices { running[index].rest -= rates[index] * (next - now) }
      now = next
      let isOver = running.indices.map { runningEnds[$0] <= now || cancels[$0] <= now }
      for (entry, isOver) in zip(running, isOver) where isOver {
        ends.append(End(number: entry.flow.number, time: now, rest: max(0, entry.rest)))
      }
      running = zip(running, isOver).filter { !$0.1 }.map(\.0)
      while let flow = waiting.first, flow.start <= now {
        running.append((flow, flow.bits))
        waiting.removeFirst()
      }
    }
    return ends.sorted { $0.number < $1.number }
  }
}
