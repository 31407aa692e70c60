import Foundation
import Testing

@testable import EventSimulation

struct EventScheduleTests {
  @Test func `the clock advances to each event, and events may schedule others`() {
    var schedule = EventSchedule<Int>()
    schedule.schedule(3, at: SimulationTime(nanoseconds: 10))
    var trace: [[Int64]] = []
    while let (time, event) = schedule.next() {
      #expect(schedule.now == time)
      trace.append([time.nanoseconds, Int64(event)])
      if event > 0 { schedule.schedule(event - 1, after: SimulationDuration(nanoseconds: 7)) }
    }
    #expect(trace == [[10, 3], [17, 2], [24, 1], [31, 0]])
    #expect(schedule.now == SimulationTime(nanoseconds: 31))
  }

  @Test func `an event may schedule another at its own instant, after pending ones`() {
    var schedule = EventSchedule<String>()
    schedule.schedule("first", at: .zero)
    schedule.schedule("second", at: .zero)
    #expect(schedule.next()?.event == "first")
    schedule.schedule("third", after: .zero)
    #expect(schedule.next()?.event == "second")
    #expect(schedule.next()?.event == "third")
    #expect(schedule.isEmpty)
  }

  @Test func `a saved schedule keeps its clock and its events`() throws {
    var schedule = EventSchedule<String>()
    schedule.schedule("a", after: .seconds(1))
    let late = schedule.scheduleCancellable(
      "b", at: SimulationTime(nanoseconds: 2_000_000_000))
    schedule.schedule("c", after: .seconds(2))
    _ = schedule.next()
    let written = try JSONEncoder().encode(schedule)
    var copy = try JSONDecoder().decode(EventSchedule<String>.self, from: written)
    #expect(copy.now == SimulationTime(nanoseconds: 1_000_000_000))
    #expect(copy.nextTime == SimulationTime(nanoseconds: 2_000_000_000))
    copy.cancel(late)
    #expect(copy.next()?.event == "c")
    #expect(copy.next() == nil)
  }

  @Test func `scheduling in the past is a programming error`() async {
    await #expect(processExitsWith: .failure) {
      var schedule = EventSchedule<Int>()
      schedule.schedule(1, after: .seconds(1))
      _ = schedule.next()
      schedule.schedule(2, at: .zero)
    }
  }

  @Test func `moving the clock back is a programming error`() async {
    await #expect(processExitsWith: .failure) {
      var clock = VirtualClock(now: SimulationTime(nanoseconds: 2))
      clock.advance(to: SimulationTime(nanoseconds: 1))
    }
  }
}
