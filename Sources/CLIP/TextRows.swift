import Tensors

/// Texts as rows of the text tower: for each row its token, its position and the rows it attends
/// to.
package struct TextRows: Sendable {
  let tokens: [Int32]
  let positions: [Int32]
  package let rows: TokenRows

  /// Gives each text its own rows, one text after the other, like a batch of padded texts.
  package init(batching texts: TextBatch) {
    tokens = texts.tokens
    positions = texts.lengths.flatMap { 0..<Int32($0) }
    rows = TokenRows(sequences: texts.lengths, causal: true, pooled: texts.endRows)
  }

  /// Builds a prefix tree in which texts share the rows of their common beginnings.
  ///
  /// The tower is causal: a row depends only on the tokens up to it, so texts with a common prefix
  /// have its rows in common. Rows after a text's end token are never used and are omitted.
  ///
  /// - Parameter sharing: if false, every text has its own rows.
  package init(_ texts: TextBatch, sharing: Bool = true) {
    var tokens: [Int32] = []
    var paths: [[Int32]] = []
    var children: [Child: Int32] = [:]
    var ends: [Int32] = []
    var start = 0
    for (length, end) in zip(texts.lengths, texts.endRows) {
      var path: [Int32] = []
      for token in texts.tokens[start...end] {
        let child = Child(parent: path.last ?? -1, token: token)
        let known = sharing ? children[child] : nil
        let row = known ?? Int32(tokens.count)
        path.append(row)
        guard known == nil else { continue }
        children[child] = row
        tokens.append(token)
        paths.append(path)
      }
      ends.append(path.last!)
      start += length
    }
    let part = TokenRows.Part(rows: 0..<tokens.count, pooled: 0..<ends.count)
    self.init(tokens, paths, ends, [part])
  }

  private init(
    _ tokens: [Int32], _ paths: [[Int32]], _ ends: [Int32], _ parts: [TokenRows.Part]
  ) {
    self.tokens = tokens
    positions = paths.map { Int32($0.count - 1) }
    rows = TokenRows(paths: TokenPaths(paths), pooled: ends, parts: parts)
  }

  private struct Child: Hashable {
    let parent: Int32
    let token: Int32
  }

  /// Selects the rows that several clients need, for each client's texts.
  ///
  /// - Parameter texts: the indices of each client's texts.
  /// - Returns: the rows, client after client, and the row of this tree that each one copies.
  package func selecting(_ texts: [[Int]]) -> (selection: TextRows, source: [Int32]) {
    guard case .paths(let all) = rows.sight else {
      preconditionFailure("rows of a tree to select from")
    }
    var source: [Int32] = []
    var paths: [[Int32]] = []
    var ends: [Int32] = []
    var parts: [TokenRows.Part] = []
    for client in texts {
      let (firstRow, firstEnd) = (source.count, ends.count)
      var copies = [Int32](repeating: -1, count: all.count)
      for text in client {
        var path: [Int32] = []
        for row in all[Int(rows.pooled[text])] {
          let known = copies[Int(row)]
          let copy = known >= 0 ? known : Int32(source.count)
          path.append(copy)
          guard known < 0 else { continue }
          copies[Int(row)] = copy
          source.append(row)
          paths.append(path)
        }
        ends.append(path.last!)
      }
      parts.append(
        TokenRows.Part(rows: firstRow..<source.count, pooled: firstEnd..<ends.count))
    }
    return (TextRows(source.map { tokens[Int($0)] }, paths, ends, parts), source)
  }
}
