import Testing

@testable import Federation

struct SecureAggregationCostTests {
  /// The numbers in the abstract of Bonawitz et al. 2017, to the given digits.
  @Test(arguments: [(1 << 10, 1 << 20, 1.73), (1 << 14, 1 << 24, 1.98)])
  func `the traffic expansion matches the publication`(clients: Int, numbers: Int, factor: Double) {
    let cost = SecureAggregationCost(cohort: clients, bits: 16)
    let bytes = cost.bytesUp(of: numbers) + cost.extraBytesDown
    #expect((Double(bytes) / Double(2 * numbers) * 100).rounded() / 100 == factor)
  }

  @Test func `a small cohort's bytes match a count by hand`() {
    let cost = SecureAggregationCost(cohort: 5, bits: 8)
    #expect(cost.maskedBits == 11)  // 5 * 255 = 1,275 < 2,048
    #expect(cost.maskedByteCount(of: 3) == 5)  // 33 bits
    // 2 keys, 2 * 4 shares, the vector, 5 shares; 2 keys and 2 shares of 4 others.
    #expect(cost.bytesUp(of: 3) == 64 + 256 + 5 + 160)
    #expect(cost.extraBytesDown == 4 * 128)
  }

  @Test func `total traffic matches the paper's formula`() {
    for clients in [1, 2, 100] {
      let cost = SecureAggregationCost(cohort: clients, bits: 4)
      #expect(
        cost.bytesUp(of: 0) + cost.extraBytesDown == 2 * clients * 32 + (5 * clients - 4) * 32)
    }
  }

  @Test func `a sparse graph's cost depends on its neighbours, at most the cohort`() {
    let sparse = SecureAggregationCost(cohort: 1_000, bits: 16, neighbours: 50)
    #expect(sparse.bytesUp(of: 0) == 64 + 50 * 64 + 51 * 32)
    #expect(sparse.maskedBits == 26)
    #expect(SecureAggregationCost(cohort: 5, bits: 16, neighbours: 50).neighbours == 4)
  }
}
