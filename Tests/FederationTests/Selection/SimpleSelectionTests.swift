import Foundation
import Testing

@testable import Federation

struct SimpleSelectionTests {
  @Test func `random selection reads no more candidates than it needs`() {
    var read = 0
    let candidates = (0..<1_000_000_000).lazy.map { index -> TestDevice in
      read += 1
      return TestDevice(id: 2_000_000_000 - index)
    }
    #expect(
      RandomSelection().select(.init(size: 3, round: 1), among: candidates)
        == [1_999_999_998, 1_999_999_999, 2_000_000_000])
    #expect(read == 3)
  }

  @Test(arguments: [
    ClientSelection.random(RandomSelection()), .samples(SampleWeightedSelection(seed: 1)),
    .classes(ClassQuotaSelection(parts: [1, 1])),
    .powerOfChoice(PowerOfChoiceSelection(choices: 2, seed: 1)),
    .oort(OortSelection(seed: 1)), .resources(ResourceAwareSelection(deadlineSeconds: 5)),
  ])
  func `a cohort that cannot be filled has all eligible devices, in order`(
    selection: ClientSelection
  )
    throws
  {
    var selection = selection
    let devices = [7, 3, 5].map { TestDevice(id: $0, deviceClass: $0 == 3 ? 1 : 0) }
    #expect(selection.select(.init(size: 10, round: 1), among: devices) == [3, 5, 7])
    selection.observe(
      TaskReport(client: 3, round: 1, samples: 10, seconds: 1, loss: 2, squaredLoss: 4))
    #expect(selection.select(.init(size: 10, round: 2), among: devices) == [3, 5, 7])
    #expect(selection.select(.init(size: 10, round: 3), among: [TestDevice]()) == [])
    #expect(selection.select(.init(size: 0, round: 4), among: devices) == [])

    let written = try JSONEncoder().encode(selection)
    var copy = try JSONDecoder().decode(ClientSelection.self, from: written)
    let request = SelectionRequest(size: 2, round: 5)
    #expect(
      copy.select(request, among: devices) == selection.select(request, among: devices))
    #expect(copy == selection)
  }

  @Test func `devices with insufficient memory or too slow for the deadline are skipped`() {
    let devices = [
      TestDevice(id: 1, fitsMemory: false), TestDevice(id: 2, estimatedSeconds: 61),
      TestDevice(id: 3, estimatedSeconds: 60), TestDevice(id: 4), TestDevice(id: 5),
    ]
    let selection = ResourceAwareSelection(deadlineSeconds: 60)
    #expect(selection.select(.init(size: 2, round: 1), among: devices) == [3, 4])
    let patient = ResourceAwareSelection(deadlineSeconds: nil)
    #expect(patient.select(.init(size: 2, round: 1), among: devices) == [2, 3])
  }

  @Test func `slots are assigned to classes by share, the rest by largest remainders`() {
    #expect(ClassQuotaSelection(parts: [0.5, 0.3, 0.2]).quotas(of: 10) == [5, 3, 2])
    // 2.1, 3.5 and 1.4: the seventh slot goes to the class with 0.5.
    #expect(ClassQuotaSelection(parts: [3, 5, 2]).quotas(of: 7) == [2, 4, 1])
    #expect(ClassQuotaSelection(parts: [1, 1, 1]).quotas(of: 4) == [2, 1, 1])
    #expect(ClassQuotaSelection(parts: [0, 1]).quotas(of: 3) == [0, 3])
  }

  @Test func `each class provides its first candidates, and a small class leaves slots empty`() {
    let classes = [0, 0, 1, 0, 2, 0, 1, 0]
    let devices = classes.enumerated().map { TestDevice(id: $0.offset, deviceClass: $0.element) }
    var selection = ClassQuotaSelection(parts: [2, 2])
    #expect(selection.select(.init(size: 4, round: 1), among: devices) == [0, 1, 2, 6])
    #expect(selection.select(.init(size: 6, round: 1), among: devices) == [0, 1, 2, 3, 6])
  }
}
