import Randomness

@testable import EventSimulation

/// The event queue in its steady state: removes the next event and schedules another.
///
/// Measures the time of a thousand events, with `waiting` events in the queue.
enum EventThroughput {
  private static let events = 500_000

  static let cases = [1_000, 100_000].map { waiting in
    Case(benchmark: "events/\(waiting)", implementation: "flora") { repeats in
      (0..<repeats).map { _ in Sample(milliseconds: 1e6 * hold(waiting) / Double(events)) }
    }
  }

  /// The seconds for all events.
  private static func hold(_ waiting: Int) -> Double {
    var stream = RandomStream(seed: 0, purpose: "benchmark delays")
    let delays = (0..<65_536).map { _ in
      SimulationDuration(nanoseconds: 1 + Int64(stream.integer(below: 1_000_000_000)))
    }
    var schedule = EventSchedule<Int>()
    for event in 0..<waiting { schedule.schedule(event, after: delays[event % delays.count]) }
    return seconds {
      for index in 0..<events {
        guard let (_, event) = schedule.next() else { return }
        schedule.schedule(event, after: delays[(waiting + index) % delays.count])
      }
    }
  }
}
