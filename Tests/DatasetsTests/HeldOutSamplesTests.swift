import Testing

@testable import Datasets

struct HeldOutSamplesTests {
  @Test(arguments: [(10, 0.2, 2), (2, 0.2, 1), (3, 0.9, 2), (7, 0.5, 4), (100, 0.01, 1)])
  func `a client keeps back its share, at least one sample and not all`(
    count: Int, share: Double, expected: Int
  ) {
    let samples = (0..<count).map { 3 * $0 + 1 }
    for client in 0..<20 {
      let parts = HeldOutSamples(samples, share: share, client: client, seed: 4)
      #expect(parts.heldOut.count == expected)
      #expect((parts.training + parts.heldOut).sorted() == samples)
      #expect(parts.training == parts.training.sorted())
      #expect(parts.heldOut == parts.heldOut.sorted())
    }
  }

  @Test func `a client of one sample trains on it, and one of none has none`() {
    let one = HeldOutSamples([5], share: 0.9, client: 0, seed: 0)
    #expect(one.training == [5] && one.heldOut.isEmpty)
    let none = HeldOutSamples([], share: 0.5, client: 0, seed: 0)
    #expect(none.training.isEmpty && none.heldOut.isEmpty)
  }

  @Test func `clients and seeds draw differently, and each sample is kept back about as often`() {
    let samples = Array(0..<50)
    func held(_ client: Int, _ seed: UInt64) -> [Int] {
      HeldOutSamples(samples, share: 0.2, client: client, seed: seed).heldOut
    }
    #expect(held(0, 1) == held(0, 1))
    #expect(held(0, 1) != held(1, 1))
    #expect(held(0, 1) != held(0, 2))
    var times = [Int](repeating: 0, count: 50)
    for client in 0..<1000 { for sample in held(client, 9) { times[sample] += 1 } }
    // Binomial(1000, 0.2): five standard deviations are 63.
    #expect(times.allSatisfy { abs($0 - 200) < 64 })
  }
}
