import Testing

@testable import Fleet

struct ClassMembershipTests {
  @Test(arguments: [
    (50, [0.2, 0.8], [10, 40]), (50, [0.8, 0.2], [40, 10]), (10, [0.5, 0.5], [5, 5]),
    (100, [0.1, 0.2, 0.3, 0.4], [10, 20, 30, 40]), (1_000, [0.07, 0.9, 0.03], [70, 900, 30]),
    (30, [0.333, 0.333, 0.333], [10, 10, 10]), (20, [0, 0.25, 0, 0.75, 0], [0, 5, 0, 15, 0]),
    (5, [1, 0], [5, 0]),
  ])
  func `if the shares give integer counts, every seed gives these counts`(
    count: Int, shares: [Double], expected: [Int]
  ) {
    for seed in 0..<200 {
      let membership = ClassMembership(shares: shares, seed: UInt64(seed))
      var counts = [Int](repeating: 0, count: shares.count)
      for id in 0..<count { counts[membership.classIndex(of: id)] += 1 }
      #expect(counts == expected)
      let counted = shares.indices.map { membership.memberCount(ofClass: $0, among: count) }
      #expect(counted == expected)
    }
  }

  @Test(arguments: [[0.2, 0.8], [0.55, 0.45], [0.18, 0.05, 0.04, 0.29, 0.44], [1e-6, 1 - 1e-6]])
  func `every prefix of the ids follows the shares, with matching counts`(shares: [Double]) {
    for seed in 0..<10 {
      let membership = ClassMembership(shares: shares, seed: UInt64(seed))
      var counts = [Int](repeating: 0, count: shares.count)
      for id in 0..<2_000 {
        for (index, share) in shares.enumerated() {
          #expect(membership.memberCount(ofClass: index, among: id) == counts[index])
          #expect(abs(Double(counts[index]) - share * Double(id)) < Double(index) + 1.001)
        }
        counts[membership.classIndex(of: id)] += 1
      }
    }
  }

  @Test func `membership is irregular and differs by seed`() {
    let patterns = (0..<100).map { seed in
      let membership = ClassMembership(shares: [0.2, 0.8], seed: UInt64(seed))
      return (0..<50).map { membership.classIndex(of: $0) }
    }
    #expect(Set(patterns).count == 100)
    // Over many seeds, each device is in the first class with the frequency of its share.
    for id in 0..<50 {
      let flagships = patterns.count { $0[id] == 0 }
      #expect((4...42).contains(flagships))
    }
  }

  @Test func `a share too small for floating point is handled`() {
    for shares in [[1, 1e-300], [1e-300, 1]] {
      let membership = ClassMembership(shares: shares, seed: 1)
      let large = shares[0] == 1 ? 0 : 1
      #expect(membership.classIndex(of: 1_000_000_000) == large)
      #expect(membership.memberCount(ofClass: large, among: 1_000_000_000) == 1_000_000_000)
    }
  }
}
