/// The visible rows of each query of a tree: its ancestors from the root on, and itself.
package struct TokenPaths: Sendable, Equatable {
  /// The start of each query's path in `rows`, and the end of the last one: [queries + 1].
  package let starts: [Int32]
  package let rows: [Int32]
  package let longest: Int

  package init(_ paths: some Collection<[Int32]>) {
    starts = paths.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) }
    rows = paths.flatMap { $0 }
    longest = paths.lazy.map(\.count).max() ?? 0
  }

  package var count: Int { starts.count - 1 }

  package subscript(query: Int) -> ArraySlice<Int32> {
    rows[Int(starts[query])..<Int(starts[query + 1])]
  }
}
