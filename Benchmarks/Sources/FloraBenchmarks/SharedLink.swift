import EventSimulation
import Foundation
import Randomness

@testable import Fleet

/// A server's link with a constant number of flows: the next one ends, and another starts.
///
/// The caps are distributed like phones' links and add up to four times the capacity. Measures the
/// time of a thousand starts or ends, each of which changes the rates of all sharing flows.
enum SharedLink {
  static let cases =
    [1_000, 100_000].map { flows in
      Case(benchmark: "link/\(flows)", implementation: "flora") { repeats in
        (0..<repeats).map { _ in Sample(milliseconds: 1e6 * solver(flows, changes: 100_000) / 1e5) }
      }
    } + [
      Case(benchmark: "link/1000", implementation: "water-filling at each change") { repeats in
        (0..<repeats).map { _ in Sample(milliseconds: 1e6 * naive(1_000, changes: 2_000) / 2e3) }
      }
    ]

  private struct Draws {
    private var stream = RandomStream(seed: 0, purpose: "benchmark flows")
    let capacity: Int

    /// The mean of the caps is 20 Mbit/s times exp(0.5 * 0.8^2).
    init(flows: Int) { capacity = flows * 20_000_000 * 138 / 100 / 4 }

    mutating func cap() -> Int { Int(20e6 * exp(0.8 * stream.normal())) }

    mutating func bytes() -> Int { 1 + stream.integer(below: 2_000_000) }
  }

  /// The seconds for all changes.
  private static func solver(_ flows: Int, changes: Int) -> Double {
    var draws = Draws(flows: flows)
    var link = FairShareLink(capacity: BitRate(draws.capacity))
    var next = 0
    func start(at time: SimulationTime) {
      link.start(
        next, of: FluidAmount(ByteCount(draws.bytes())), cap: BitRate(draws.cap()), at: time)
      next += 1
    }
    for _ in 0..<flows { start(at: .zero) }
    return seconds {
      for _ in 0..<changes / 2 {
        guard let end = link.nextEnd else { return }
        link.remove(end.flow, at: end.time)
        start(at: end.time)
      }
    }
  }

  /// The same by water-filling all flows from scratch at every change, in floating point.
  private static func naive(_ flows: Int, changes: Int) -> Double {
    var draws = Draws(flows: flows)
    var rests = (0..<flows).map { _ in 8 * Double(draws.bytes()) }
    var caps = (0..<flows).map { _ in Double(draws.cap()) }
    var rates = fill(caps, Double(draws.capacity))
    return seconds {
      for _ in 0..<changes / 2 {
        let wait = zip(rests, rates).map { $0 / $1 }.min() ?? 0
        for flow in 0..<flows { rests[flow] -= rates[flow] * wait }
        let ended = rests.indices.min { rests[$0] < rests[$1] } ?? 0
        caps.remove(at: ended)
        rests.remove(at: ended)
        rates = fill(caps, Double(draws.capacity))
        caps.append(Double(draws.cap()))
        rests.append(8 * Double(draws.bytes()))
        rates = fill(caps, Double(draws.capacity))
      }
    }
  }

  private static func fill(_ caps: [Double], _ capacity: Double) -> [Double] {
    var left = capacity
    var sharing = caps.count
    var level = Double.infinity
    for cap in caps.sorted() {
      level = left / Double(sharing)
      if cap > level { break }
      left -= cap
      sharing -= 1
      level = .infinity
    }
    return caps.map { min($0, level) }
  }
}
