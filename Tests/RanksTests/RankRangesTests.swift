import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Ranks

/// Vectors that several ranks add up, each a range, compared with a plain loop.
struct RankRangesTests {
  /// Ranks that are threads of this process; messages go through their bytes.
  private final class Ranks: Sendable {
    let count: Int
    private let ranges = Mutex<[RankRanges]>([])

    init(_ count: Int) {
      self.count = count
      let made = (0..<count).map { rank in
        RankRanges(rank: rank, count: count) { [unowned self] message, other in
          guard case .range(let operand, let range)? = try? Parcel(message).message() else {
            return
          }
          #expect(rank != other)
          self[other].receive(operand, range)
        }
      }
      ranges.withLock { $0 = made }
    }

    subscript(rank: Int) -> RankRanges { ranges.withLock { $0[rank] } }

    /// Adds up a sum on all ranks.
    ///
    /// - Parameter whole: what each rank stores as a whole.
    func add(_ sum: RangeSum, _ whole: [[Int: [Float]]]) {
      for rank in 0..<count { self[rank].add(sum, whole[rank]) }
    }

    func gathered(_ id: Int) -> [Float] { (0..<count).flatMap { self[$0].range(id).wait() } }
  }

  @Test(arguments: [1, 2, 3, 5], [1, 4, 100_003])
  func `a sum has the bits of a plain loop on any number of ranks`(count: Int, length: Int) {
    let ranks = Ranks(count)
    let factors: [Float] = [3, 0.1, 17.5, 1, 2.25, 129, 0.3]
    let vectors = factors.indices.map { randomNumbers(length, seed: UInt64($0)) }
    // Some ranks store several vectors, some none.
    let holders = factors.indices.map { ($0 * $0 + 1) % count }
    var whole = [[Int: [Float]]](repeating: [:], count: count)
    for (index, holder) in holders.enumerated() { whole[holder][10 + index] = vectors[index] }
    func terms(_ indices: Range<Int>) -> [RangeSum.Term] {
      indices.map { .init(factors[$0], .whole(rank: holders[$0], id: 10 + $0)) }
    }
    ranks.add(RangeSum(id: 1, count: length, start: nil, terms: terms(0..<4)), whole)
    ranks.add(
      RangeSum(id: 2, count: length, start: .spread(id: 1), terms: terms(4..<7)), whole)

    var expected = [Float](repeating: 0, count: length)
    for (factor, vector) in zip(factors, vectors) {
      for index in expected.indices { expected[index] += factor * vector[index] }
    }
    #expect(ranks.gathered(2) == expected)
    // A sum that rank 0 has as a whole, as after a checkpoint was read.
    whole[0][0] = ranks.gathered(1)
    ranks.add(
      RangeSum(id: 3, count: length, start: .whole(rank: 0, id: 0), terms: terms(4..<7)), whole)
    #expect(ranks.gathered(3) == expected)
    for rank in 0..<count {
      #expect(!ranks[rank].isEmpty)
      ranks[rank].drop([1, 2, 3])
      #expect(ranks[rank].isEmpty, "nothing is left of the terms")
    }
  }

  @Test func `a range may come before the instruction that needs it`() {
    let ranks = Ranks(2)
    let sum = RangeSum(
      id: 1, count: 3, start: nil, terms: [.init(2, .whole(rank: 1, id: 7))])
    ranks[1].add(sum, [7: [1, 2, 3]])
    ranks[0].add(sum, [:])
    #expect(ranks.gathered(1) == [2, 4, 6])
  }
}
