/// The structure of a matrix of tokens: the rows that each row attends to, the row that represents
/// each text or image, and the rows of each client.
package struct TokenRows: Sendable {
  /// The rows that a row attends to.
  package enum Sight: Sendable {
    /// The rows of its own sequence; sequences are concatenated. With `causal`, a row attends to
    /// itself and the preceding rows.
    case sequences(lengths: [Int], causal: Bool)
    /// The rows on its path through a tree.
    case paths(TokenPaths)
  }

  /// The rows of one client, and its range of pooled rows.
  package struct Part: Sendable, Equatable {
    package let rows: Range<Int>
    package let pooled: Range<Int>

    package init(rows: Range<Int>, pooled: Range<Int>) {
      self.rows = rows
      self.pooled = pooled
    }
  }

  package let count: Int
  package let sight: Sight
  /// The row that represents each text or image; for sequences, one in each.
  package let pooled: [Int32]
  package let parts: [Part]
  /// The paths of only the pooled rows.
  let pooledPaths: TokenPaths?
  /// For sequences, the number of visible rows for each pooled row.
  let pooledSight: [Int32]
  /// 1, 2, 3 … up to the length of the longest causal sequence.
  let causalSight: [Int32]

  /// The sequences of one client.
  package init(sequences lengths: [Int], causal: Bool, pooled: [Int]) {
    precondition(lengths.count == pooled.count, "a pooled row in each sequence")
    count = lengths.reduce(0, +)
    sight = .sequences(lengths: lengths, causal: causal)
    self.pooled = pooled.map(Int32.init)
    parts = [Part(rows: 0..<count, pooled: 0..<pooled.count)]
    pooledPaths = nil
    var start = 0
    pooledSight = zip(lengths, pooled).map { length, row in
      defer { start += length }
      precondition((start..<(start + length)).contains(row), "a pooled row in each sequence")
      return Int32(causal ? row - start + 1 : length)
    }
    causalSight = causal ? (0..<(lengths.max() ?? 0)).map { Int32($0 + 1) } : []
  }

  /// The rows of trees, for one or several clients.
  package init(paths: TokenPaths, pooled: [Int32], parts: [Part]) {
    count = paths.count
    sight = .paths(paths)
    self.pooled = pooled
    self.parts = parts
    pooledPaths = TokenPaths(pooled.map { Array(paths[Int($0)]) })
    pooledSight = []
    causalSight = []
  }

  /// The query rows: all rows, or only the pooled ones.
  package enum Queries: Sendable {
    case all, pooled
  }

  /// The paths of a tree's query rows.
  package func paths(_ queries: Queries) -> TokenPaths {
    guard case .paths(let all) = sight, let pooledPaths else {
      preconditionFailure("rows of a tree")
    }
    return queries == .all ? all : pooledPaths
  }

  /// The range of query rows of each client.
  package func parts(_ queries: Queries) -> [Range<Int>] {
    parts.map { queries == .all ? $0.rows : $0.pooled }
  }
}
