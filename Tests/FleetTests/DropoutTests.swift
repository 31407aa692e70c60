import EventSimulation
import Testing

@testable import Fleet

struct DropoutTests {
  private let dropout = Dropout(seed: 21)

  @Test(arguments: [0, 0.06, 0.1, 0.5, 1])
  func `tasks drop out with the given probability`(probability: Double) {
    let draws = 40_000
    let lost = (0..<draws).count { index in
      dropout.moment(task: index / 200, device: index % 200, probability: probability) != nil
    }
    let expected = Double(draws) * probability
    let deviation = (expected * (1 - probability)).squareRoot()
    #expect(abs(Double(lost) - expected) <= 4 * deviation)
  }

  @Test func `the moment is uniform over the whole task`() {
    let fractions = (0..<20_000).compactMap {
      dropout.moment(task: 3, device: $0, probability: 1)?.fraction
    }
    for tenth in 0..<10 {
      let part = fractions.count { $0 / (UInt64.max / 10 + 1) == UInt64(tenth) }
      #expect(abs(part - 2_000) < 4 * 43, "four standard errors")
    }
  }

  @Test func `a draw depends only on the seed, the task and the device`() {
    let moment = dropout.moment(task: 4, device: 9, probability: 1)
    #expect(moment == Dropout(seed: 21).moment(task: 4, device: 9, probability: 1))
    #expect(moment != Dropout(seed: 22).moment(task: 4, device: 9, probability: 1))
    #expect(moment != dropout.moment(task: 9, device: 4, probability: 1))
  }

  @Test func `a higher probability drops the same tasks at the same moments, plus others`() {
    for device in 0..<2_000 {
      if let moment = dropout.moment(task: 0, device: device, probability: 0.1) {
        #expect(dropout.moment(task: 0, device: device, probability: 0.3) == moment)
      }
    }
  }

  @Test func `a device reaches the same fraction of a short and a long task`() throws {
    let profile = try Samples.profile(of: Samples.budget)
    let half = DropoutMoment(fraction: 1 << 63)
    for bytes in [98_304, 605_109_252] {
      let work = TaskWork(
        download: ByteCount(bytes), training: .zero, upload: ByteCount(bytes))
      let start = SimulationTime(nanoseconds: 10)
      let timeline = TaskTimeline(profile: profile, start: start, work: work)
      #expect((half.instant(in: timeline) - start).nanoseconds == timeline.duration.nanoseconds / 2)
    }
  }

  @Test func `a dropout occurs before the end of the task`() {
    let last = DropoutMoment(fraction: .max)
    let start = SimulationTime(nanoseconds: 100)
    #expect(last.instant(from: start, to: SimulationTime(nanoseconds: 101)) == start)
    #expect(last.instant(from: start, to: start) == start)
    #expect(last.instant(from: .zero, to: .distantFuture) < .distantFuture)
  }
}
