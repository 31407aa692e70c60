import Testing

@testable import Tensors

struct ArrayPartsTests {
  @Test(arguments: [
    (10, 4, [3, 3, 2, 2]), (3, 5, [1, 1, 1]), (6, 3, [2, 2, 2]), (5, 1, [5]), (0, 2, []),
  ]) func `parts cover an array in order, with lengths that differ by one at most`(
    count: Int, parts: Int, lengths: [Int]
  ) {
    let split = Array(0..<count).split(into: parts)
    #expect(split.map(\.count) == lengths)
    #expect(split.flatMap { $0 } == Array(0..<count))
  }

  @Test(arguments: [1, 2, 3, 64], [0, 1, 63, 64, 1000])
  func `parts cover a range, and their lengths differ by at most one`(parts: Int, count: Int) {
    let ranges = (0..<parts).map { (0..<count).part($0, of: parts) }
    #expect(ranges.flatMap { Array($0) } == Array(0..<count))
    let lengths = ranges.map(\.count)
    #expect(lengths.max()! - lengths.min()! <= 1)
  }
}
