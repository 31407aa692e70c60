import Testing

@testable import Tensors

/// Token rows, and an independent list of what each row attends to.
struct AttentionSight: CustomTestStringConvertible {
  let testDescription: String
  let rows: TokenRows
  /// By row.
  let seen: [[Int]]

  static let all: [AttentionSight] =
    [[1], [4, 1, 7], [17, 3], [16], [33, 5]].flatMap { lengths in
      [false, true].map { AttentionSight(lengths: lengths, causal: $0) }
    } + [tree]

  /// Sequences whose middle rows are the pooled ones.
  private init(lengths: [Int], causal: Bool) {
    testDescription = "\(causal ? "causal " : "")\(lengths)"
    var seen: [[Int]] = []
    var pooled: [Int] = []
    for length in lengths {
      let start = seen.count
      pooled.append(start + length / 2)
      for row in 0..<length {
        seen.append(Array(start..<(start + (causal ? row + 1 : length))))
      }
    }
    self.seen = seen
    rows = TokenRows(sequences: lengths, causal: causal, pooled: pooled)
  }

  /// A stem of three rows with two branches, one of which branches again; and a separate row.
  private static let tree = AttentionSight(
    paths: [
      [0], [0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4], [0, 1, 2, 3, 5], [0, 1, 6],
      [0, 1, 6, 7], [8],
    ], pooled: [4, 5, 7, 8, 4])

  private init(paths: [[Int32]], pooled: [Int32]) {
    testDescription = "a tree"
    seen = paths.map { $0.map(Int.init) }
    rows = TokenRows(
      paths: TokenPaths(paths), pooled: pooled,
      parts: [TokenRows.Part(rows: 0..<paths.count, pooled: 0..<pooled.count)])
  }
}
