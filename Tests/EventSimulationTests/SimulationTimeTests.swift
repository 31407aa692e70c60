import Testing

@testable import EventSimulation

struct SimulationTimeTests {
  @Test func `times and durations are exact to the nanosecond`() {
    let start = SimulationTime(nanoseconds: 5)
    #expect(start + .milliseconds(24) == SimulationTime(nanoseconds: 24_000_005))
    #expect((start + .microseconds(3)) - start == .microseconds(3))
    #expect(SimulationDuration.seconds(2) - .milliseconds(500) == .milliseconds(1_500))
  }

  @Test func `times beyond 292 years saturate`() {
    let nanosecond = SimulationDuration(nanoseconds: 1)
    #expect(SimulationDuration.unbounded + nanosecond == .unbounded)
    #expect(SimulationTime(nanoseconds: 1) + .unbounded == .distantFuture)
    #expect(SimulationTime.distantFuture - SimulationTime(nanoseconds: -1) == .unbounded)
    let shortest = SimulationDuration(nanoseconds: .min)
    #expect(shortest - nanosecond == shortest)
    #expect(shortest + shortest == shortest)
  }
}
