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
}
