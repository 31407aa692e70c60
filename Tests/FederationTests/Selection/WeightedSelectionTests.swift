import Foundation
import Testing

@testable import Federation

struct WeightedSelectionTests {
  private static let devices = [(1, 1), (2, 2), (3, 3), (4, 0), (5, 4)].map {
    TestDevice(id: $0.0, samples: $0.1)
  }

  @Test func `a device is drawn in proportion to its samples`() {
    let selection = SampleWeightedSelection(seed: 8)
    var counts = [Int: Int]()
    for round in 1...20_000 {
      let drawn = selection.select(.init(size: 1, round: round), among: Self.devices)
      counts[drawn[0], default: 0] += 1
    }
    #expect(counts[4] == nil)
    let expected = [1: 2_000.0, 2: 4_000, 3: 6_000, 5: 8_000]
    #expect(chiSquare(counts, expected) < 16.3, "the 99.9 % quantile with 3 degrees of freedom")
  }

  @Test func `later draws are in proportion to the remaining devices' samples`() {
    // With weights 1, 2 and 3, a pair omits 1 with probability 2/6 * 3/4 + 3/6 * 2/3 = 7/12, and so on.
    let devices = [1, 2, 3].map { TestDevice(id: $0, samples: $0) }
    let selection = SampleWeightedSelection(seed: 9)
    var counts = [Int: Int]()
    for round in 1...20_000 {
      let pair = selection.select(.init(size: 2, round: round), among: devices)
      counts[6 - pair.reduce(0, +), default: 0] += 1
    }
    let shares = [1: 2.0 / 6 * 3 / 4 + 3.0 / 6 * 2 / 3, 2: 1.0 / 6 * 3 / 5 + 3.0 / 6 * 1 / 3]
    let expected = [
      1: 20_000 * shares[1]!, 2: 20_000 * shares[2]!,
      3: 20_000 * (1 - shares[1]! - shares[2]!),
    ]
    #expect(chiSquare(counts, expected) < 13.8, "the 99.9 % quantile with 2 degrees of freedom")
  }

  @Test func `draws depend on the round and the seed, not on the candidates' order`() {
    let devices = (0..<100).map { TestDevice(id: $0, samples: $0 + 1) }
    func cohort(
      _ seed: UInt64, _ request: SelectionRequest, _ devices: some Sequence<TestDevice>
    ) -> [Int] {
      SampleWeightedSelection(seed: seed).select(request, among: devices)
    }
    let (first, second) = (
      SelectionRequest(size: 10, round: 1), SelectionRequest(size: 10, round: 2)
    )
    #expect(cohort(1, first, devices) == cohort(1, first, devices.reversed()))
    #expect(cohort(1, first, devices) != cohort(1, second, devices))
    #expect(cohort(1, first, devices) != cohort(2, first, devices))
  }

  @Test func `Power-of-Choice selects unexplored devices first, then the highest losses`() {
    let devices = (1...6).map { TestDevice(id: $0) }
    var selection = PowerOfChoiceSelection(choices: 6, seed: 3)
    for (client, loss) in [(1, 0.5), (2, 2.0), (3, 1.0), (4, 2.0), (6, 0.1)] {
      selection.observe(
        TaskReport(
          client: client, round: 1, samples: 10, seconds: 1, loss: loss, squaredLoss: 9))
    }
    #expect(selection.select(.init(size: 1, round: 2), among: devices) == [5])
    #expect(selection.select(.init(size: 2, round: 2), among: devices) == [2, 5])
    #expect(selection.select(.init(size: 4, round: 2), among: devices) == [2, 3, 4, 5])
    selection.observe(
      TaskReport(client: 5, round: 2, samples: 10, seconds: 1, loss: 0.2, squaredLoss: 9))
    #expect(selection.select(.init(size: 2, round: 3), among: devices) == [2, 4])
  }

  @Test func `Power-of-Choice does not reselect devices with insufficient memory`() {
    let devices = (1...3).map { TestDevice(id: $0) }
    var selection = PowerOfChoiceSelection(choices: 2, seed: 3)
    selection.observe(
      TaskReport(client: 1, round: 1, samples: 10, seconds: 1, loss: 0.5, squaredLoss: 9))
    selection.observeInsufficientMemory(of: 2)
    for round in 2...50 {
      #expect(selection.select(.init(size: 1, round: round), among: devices) == [3])
      #expect(selection.select(.init(size: 3, round: round), among: devices) == [1, 3])
    }
    for id in [1, 3] { selection.observeInsufficientMemory(of: id) }
    #expect(selection.select(.init(size: 3, round: 51), among: devices) == [])
  }

  @Test func `Power-of-Choice considers d devices, drawn by their samples`() {
    var selection = PowerOfChoiceSelection(choices: 2, seed: 3)
    let devices = [1, 2, 3].map { TestDevice(id: $0, samples: $0) }
    for id in 1...3 {
      selection.observe(
        TaskReport(
          client: id, round: 1, samples: id, seconds: 1, loss: Double(id), squaredLoss: 1))
    }
    var counts = [Int: Int]()
    for round in 1...20_000 {
      counts[selection.select(.init(size: 1, round: round), among: devices)[0], default: 0] += 1
    }
    // The highest of a pair is 2 if 3 is omitted, else 3; see the pairs above.
    let without3 = 1 - (7.0 / 12 + 4.0 / 15)
    let expected = [2: 20_000 * without3, 3: 20_000 * (1 - without3)]
    #expect(chiSquare(counts, expected) < 10.9, "the 99.9 % quantile with 1 degree of freedom")
  }

  private func chiSquare(_ counts: [Int: Int], _ expected: [Int: Double]) -> Double {
    expected.reduce(0) { sum, element in
      let difference = Double(counts[element.key] ?? 0) - element.value
      return sum + difference * difference / element.value
    }
  }
}
