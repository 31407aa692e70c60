import Foundation
import Randomness
import Testing

@testable import Federation

/// Policies whose slots are filled sequentially, as by an asynchronous server.
struct StreamSelectionTests {
  private static func request(_ draw: Int, size: Int = 1, round: Int = 1) -> SelectionRequest {
    SelectionRequest(size: size, round: round, draw: draw, isStream: true)
  }

  private static func report(_ client: Int, loss: Double = 1) -> TaskReport {
    TaskReport(
      client: client, round: 1, samples: 10, seconds: 1, loss: loss, squaredLoss: loss * loss)
  }

  // MARK: Device classes

  /// Ten devices of each of three classes.
  private static let fleet = (0..<30).map { TestDevice(id: $0, deviceClass: $0 % 3) }

  @Test(arguments: [[0.5, 0.3, 0.2], [1, 1, 1], [0, 3, 1], [0.9, 0.05, 0.05]])
  func `single slots go to classes by their shares`(parts: [Double]) {
    var selection = ClassQuotaSelection(parts: parts)
    var counts = [0, 0, 0]
    let total = parts.reduce(0, +)
    for draw in 1...200 {
      for id in selection.select(Self.request(draw), among: Self.fleet) { counts[id % 3] += 1 }
      let picked = counts.reduce(0, +)
      for (count, part) in zip(counts, parts) {
        // By largest remainders a class deviates from its share by less than one slot, plus the one that it
        // cannot give back.
        #expect(abs(Double(count) - Double(picked) * part / total) <= 2)
      }
    }
    #expect(counts.reduce(0, +) >= 198)
    for (count, part) in zip(counts, parts) {
      #expect(abs(Double(count) - 200 * part / total) <= 2)
    }
  }

  @Test func `cohorts follow the shares, and a single slot goes to the largest share`() {
    var selection = ClassQuotaSelection(parts: [0.5, 0.3, 0.2])
    let classes = (1...20).map { round in
      selection.select(SelectionRequest(size: 1, round: round), among: Self.fleet).map { $0 % 3 }
    }
    #expect(classes == .init(repeating: [0], count: 20))
    #expect(
      selection.select(SelectionRequest(size: 10, round: 21), among: Self.fleet).map { $0 % 3 }
        .reduce(into: [0, 0, 0]) { $0[$1] += 1 } == [5, 3, 2])
  }

  @Test func `a class that is offline for a while catches up`() {
    var selection = ClassQuotaSelection(parts: [1, 1, 2])
    var counts = [0, 0, 0]
    for draw in 1...120 {
      let there = draw <= 40 ? Self.fleet.filter { $0.deviceClass != 1 } : Self.fleet
      for id in selection.select(Self.request(draw), among: there) { counts[id % 3] += 1 }
    }
    let picked = Double(counts.reduce(0, +))
    for (count, share) in zip(counts, [0.25, 0.25, 0.5]) {
      #expect(abs(Double(count) - share * picked) <= 2, "\(counts)")
    }
  }

  @Test(arguments: 0..<20)
  func `a request never receives more devices than requested`(seed: Int) {
    var random = RandomStream(seed: UInt64(seed), purpose: "stream requests")
    let parts = (0..<4).map { _ in random.uniform() }
    var policies: [ClientSelection] = [
      .classes(ClassQuotaSelection(parts: parts)), .oort(OortSelection(seed: 1)),
      .powerOfChoice(PowerOfChoiceSelection(choices: 3, seed: 1)),
    ]
    let fleet = (0..<40).map { TestDevice(id: $0, deviceClass: $0 % 4) }
    var excess = 0
    for draw in 1...200 {
      let size = 1 + random.integer(below: 4)
      let away = random.integer(below: 6)
      let there = fleet.filter { $0.deviceClass != away && random.uniform() < 0.7 }
      for index in policies.indices {
        let choice = policies[index].select(Self.request(draw, size: size), among: there)
        excess += max(0, choice.count - size)
        #expect(Set(choice).count == choice.count)
        if draw % 3 == 0, let first = choice.first { policies[index].observe(Self.report(first)) }
      }
    }
    #expect(excess == 0)
  }

  // MARK: Oort

  private static func oort(exploration: Double) -> OortSelection {
    var settings = OortSettings()
    settings.exploration = exploration
    settings.explorationFloor = exploration
    settings.explorationDecay = 1
    return OortSelection(settings, seed: 5)
  }

  @Test(arguments: [0.25, 0.5, 0.9])
  func `Oort explores with its share of single slots`(exploration: Double) {
    var selection = Self.oort(exploration: exploration)
    for id in 0..<20 { selection.observe(Self.report(id)) }
    let devices = (0..<400).map { TestDevice(id: $0) }
    var explored = 0
    for draw in 1...100 {
      let choice = selection.select(Self.request(draw), among: devices)
      #expect(choice.count == 1)
      explored += choice.count { $0 >= 20 }
      #expect(abs(Double(explored) - exploration * Double(draw)) <= 1)
    }
    #expect(abs(Double(explored) - 100 * exploration) <= 1)
  }

  @Test func `in cohorts of one, Oort does not explore as long as it has an explored device`() {
    var selection = Self.oort(exploration: 0.9)
    for id in 0..<20 { selection.observe(Self.report(id)) }
    let devices = (0..<400).map { TestDevice(id: $0) }
    for round in 1...20 {
      #expect(selection.select(.init(size: 1, round: round), among: devices)[0] < 20)
    }
  }

  @Test func `Oort draws independently for each request of a round`() {
    var selection = Self.oort(exploration: 1)
    let devices = (0..<100).map { TestDevice(id: $0) }
    let picks = (1...20).map { selection.select(Self.request($0), among: devices)[0] }
    #expect(Set(picks).count > 14)
    var again = Self.oort(exploration: 1)
    #expect((1...20).map { again.select(Self.request($0), among: devices)[0] } == picks)
  }

  @Test func `Oort's unused exploration slots go to explored devices and do not carry over`() {
    var selection = Self.oort(exploration: 0.5)
    for id in 0..<20 { selection.observe(Self.report(id)) }
    let known = (0..<20).map { TestDevice(id: $0) }
    for draw in 1...50 { #expect(selection.select(Self.request(draw), among: known).count == 1) }
    // When others come online, it explores with its share again, and at most one more slot.
    let devices = (0..<400).map { TestDevice(id: $0) }
    var explored = 0
    for draw in 51...70 {
      explored += selection.select(Self.request(draw), among: devices).count { $0 >= 20 }
    }
    #expect((9...12).contains(explored))
  }

  // MARK: Others

  @Test(arguments: [
    ClientSelection.samples(SampleWeightedSelection(seed: 1)),
    .powerOfChoice(PowerOfChoiceSelection(choices: 3, seed: 1)), .oort(OortSelection(seed: 1)),
  ])
  func `requests of one round with different draws select different devices`(
    selection: ClientSelection
  ) {
    var selection = selection
    let devices = (0..<200).map { TestDevice(id: $0) }
    let picks = (1...20).map { selection.select(Self.request($0), among: devices)[0] }
    #expect(Set(picks).count >= 12)
  }

  @Test func `a request without its own draw uses its round's draw`() {
    #expect(SelectionRequest(size: 3, round: 7) == SelectionRequest(size: 3, round: 7, draw: 7))
    #expect(SelectionRequest(size: 3, round: 7).isStream == false)
    let devices = (0..<100).map { TestDevice(id: $0, samples: $0 + 1) }
    let selection = SampleWeightedSelection(seed: 1)
    #expect(
      selection.select(.init(size: 10, round: 1, draw: 2), among: devices)
        == selection.select(.init(size: 10, round: 2), among: devices))
  }
}
