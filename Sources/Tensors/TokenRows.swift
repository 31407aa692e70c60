/// How the rows of a matrix of tokens belong together: what each row attends to, which row stands for
/// each text or image, and whose client's rows they are.
package struct TokenRows: Sendable {
  /// What a row attends to.
  package enum Sight: Sendable {
    /// The rows of its own sequence; sequences lie one after the other. With `causal`, a row sees
    /// itself and the rows before it.
    case sequences(lengths: [Int], causal: Bool)
    /// The rows on its path through a tree.
    case paths(TokenPaths)
  }

  /// The rows of one client, and which of the pooled rows are its own.
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
  /// The row that stands for each text or image; with sequences, one in each.
  package let pooled: [Int32]
  package let parts: [Part]
  /// The paths of the pooled rows alone.
  let pooledPaths: TokenPaths?
  /// With sequences, how many rows each pooled row sees.
  let pooledSight: [Int32]
  /// 1, 2, 3 … as far as the longest causal sequence goes.
  let causalSight: [Int32]

  /// Sequences of one client.
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

  /// The rows of trees, of one or several clients.
  package init(paths: TokenPaths, pooled: [Int32], parts: [Part]) {
    count = paths.count
    sight = .paths(paths)
    self.pooled = pooled
    self.parts = parts
    pooledPaths = TokenPaths(pooled.map { Array(paths[Int($0)]) })
    pooledSight = []
    causalSight = []
  }

  /// The rows that ask: all, or the pooled ones alone.
  package enum Queries: Sendable {
    case all, pooled
  }

  /// The paths of the asking rows of a tree.
  package func paths(_ queries: Queries) -> TokenPaths {
    guard case .paths(let all) = sight, let pooledPaths else {
      preconditionFailure("rows of a tree")
    }
    return queries == .all ? all : pooledPaths
  }

  /// The ranges of the asking rows that belong to each client.
  package func parts(_ queries: Queries) -> [Range<Int>] {
    parts.map { queries == .all ? $0.rows : $0.pooled }
  }
}
