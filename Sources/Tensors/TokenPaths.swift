/// The rows that each query of a tree sees: its ancestors from the root on, and itself.
package struct TokenPaths: Sendable, Equatable {
  /// Where each query's path starts in `rows`, and the end of the last: [queries + 1].
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
