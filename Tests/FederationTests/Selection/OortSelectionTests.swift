import Foundation
import Testing

@testable import Federation

struct OortSelectionTests {
  private static func report(
    _ client: Int, round: Int = 1, samples: Int = 10, seconds: Double = 1, squaredLoss: Double
  ) -> TaskReport {
    TaskReport(
      client: client, round: round, samples: samples, seconds: seconds, loss: 0,
      squaredLoss: squaredLoss)
  }

  @Test func `scores match a calculation by hand`() {
    let selection = OortSelection(seed: 1)
    typealias Explored = OortSelection.Explored
    let known = [
      (id: 1, past: Explored(utility: 20, seconds: 8, lastRound: 2, count: 1)),
      (id: 2, past: Explored(utility: 100, seconds: 2, lastRound: 4, count: 1)),
      (id: 3, past: Explored(utility: 60, seconds: 4, lastRound: 1, count: 1)),
    ]
    let scores = selection.scores(of: known, round: 5, preferred: 4)
    // The range is 100 - 0.999 * 20 = 80.02; the 95 % quantile of three is the largest.
    func confidence(_ last: Double) -> Double { (0.1 * log(5) / last).squareRoot() }
    let expected = [
      (0.02 / 80.02 + confidence(2)) / 4,  // twice as slow as preferred, squared
      80.02 / 80.02 + confidence(4),
      40.02 / 80.02 + confidence(1),
    ]
    #expect(scores.map(\.id) == [1, 2, 3])
    for (score, expected) in zip(scores, expected) { #expect(abs(score.score - expected) < 1e-12) }
  }

  @Test func `a utility is the sample count times the root mean squared loss, clipped`() {
    var settings = OortSettings()
    settings.clipping = 0.5
    settings.exploration = 0
    settings.explorationFloor = 0
    settings.cutOff = 1
    // Utilities 10 * 3 = 30, 40 * 1 = 40 and 5 * 20 = 100, clipped to the middle one.
    let reports = [
      Self.report(1, samples: 10, squaredLoss: 9), Self.report(2, samples: 40, squaredLoss: 1),
      Self.report(3, samples: 5, squaredLoss: 400),
    ]
    let devices = [1, 2, 3].map { TestDevice(id: $0) }
    // The clipped score of 3 equals that of 2, so both compete for the only slot, and 1 never does.
    var counts = [Int: Int]()
    for seed in 0..<400 {
      var selection = OortSelection(settings, seed: UInt64(seed))
      for report in reports { selection.observe(report) }
      counts[selection.select(.init(size: 1, round: 2), among: devices)[0], default: 0] += 1
    }
    #expect(counts[1] == nil)
    // Binomial with mean 200 and a deviation of 10.
    #expect(abs((counts[2] ?? 0) - 200) < 40)
  }

  @Test func `exploration takes its share by samples and speed, and decays to its minimum`() {
    var settings = OortSettings()
    settings.exploration = 0.5
    settings.explorationDecay = 0.5
    settings.explorationFloor = 0.2
    var selection = OortSelection(settings, seed: 4)
    for id in 0..<20 { selection.observe(Self.report(id, squaredLoss: 1)) }
    let devices = (0..<40).map { TestDevice(id: $0) }
    let explored = (1...4).map { round in
      selection.select(.init(size: 10, round: round), among: devices).count { $0 >= 20 }
    }
    #expect(explored == [5, 2, 2, 2])  // 0.5, 0.25, then 0.2 of ten
  }

  @Test func `unexplored devices are drawn by their samples, slow ones less often`() {
    // No device is explored; the preferred time is the 30 % quantile of 1, 1, 1, 2: 1 s, so the last
    // counts 40 / 2^2 = 10.
    let devices = [(1, 10, 1.0), (2, 20, 1), (3, 10, 1), (4, 40, 2)].map {
      TestDevice(id: $0.0, samples: $0.1, estimatedSeconds: $0.2)
    }
    var counts = [Int: Double]()
    for seed in 0..<10_000 {
      var selection = OortSelection(seed: UInt64(seed))
      counts[selection.select(.init(size: 1, round: 1), among: devices)[0], default: 0] += 1
    }
    let chiSquare = [1: 2_000.0, 2: 4_000, 3: 2_000, 4: 2_000].reduce(0.0) {
      $0 + pow((counts[$1.key] ?? 0) - $1.value, 2) / $1.value
    }
    #expect(chiSquare < 16.3, "the 99.9 % quantile with 3 degrees of freedom")
  }

  @Test func `devices with insufficient memory are not selected again`() {
    var oort = OortSelection(seed: 4)
    let devices = (1...6).map { TestDevice(id: $0) }
    for id in [2, 5] { oort.observeInsufficientMemory(of: id) }
    for round in 1...30 {
      #expect(oort.select(.init(size: 6, round: round), among: devices) == [1, 3, 4, 6])
    }
  }

  @Test func `a device that participated too often is not selected`() {
    var settings = OortSettings()
    settings.participationLimit = 2
    var selection = OortSelection(settings, seed: 4)
    for round in 1...3 { selection.observe(Self.report(1, round: round, squaredLoss: 1)) }
    for round in 1...2 { selection.observe(Self.report(2, round: round, squaredLoss: 1)) }
    let devices = [1, 2].map { TestDevice(id: $0) }
    #expect(selection.select(.init(size: 5, round: 4), among: devices) == [2])
  }

  @Test func `flat utility admits slower devices, and a jump excludes them`() {
    var pacer = OortPacer(start: 30, step: 5, window: 2)
    for utility in [10.0, 10, 10] { pacer.finishRound(utility: utility) }
    #expect(pacer.percentile == 30)
    pacer.finishRound(utility: 12)  // 22 after 20
    #expect(pacer.percentile == 35)
    for utility in [20.0, 20] { pacer.finishRound(utility: utility) }  // 40 after 22
    #expect(pacer.percentile == 35)
    for utility in [120.0, 120] { pacer.finishRound(utility: utility) }  // 240 after 40
    #expect(pacer.percentile == 30)
    #expect(pacer.preferred([5, 1, 4, 2, 3]) == 2)  // rank 1 of five
    for _ in 0..<40 { pacer.finishRound(utility: 1) }
    #expect(pacer.percentile == 100)
    #expect(pacer.preferred([5, 1]) == .infinity)
  }
}
