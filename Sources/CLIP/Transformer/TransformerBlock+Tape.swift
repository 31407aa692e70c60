import Tensors

extension TransformerBlock {
  /// What the forward pass saves for the backward pass; nil if not needed.
  struct Tape {
    let queries: TokenRows.Queries
    // One row per token.
    var input: Matrix?
    var statistics1: Matrix?
    var normed1: Matrix?
    var key: Matrix?
    var value: Matrix?
    var reducedKey: Matrix?
    var reducedValue: Matrix?
    // One row per query row.
    var normedPooled: Matrix?
    var query: Matrix?
    var reducedQuery: Matrix?
    var mixed: Matrix?
    var reducedOutput: Matrix?
    var middle: Matrix?
    var statistics2: Matrix?
    var normed2: Matrix?
    var reducedExpansion: Matrix?
    var expanded: Matrix?
    var activated: Matrix?
    var reducedContraction: Matrix?
    // In the layout of `Attention`.
    var probabilities: Matrix?

    init(_ queries: TokenRows.Queries) {
      self.queries = queries
    }

    /// Gathers the tape for a selection of the rows.
    ///
    /// - Parameters:
    ///   - rows: the rows of this tape.
    ///   - source, pooled: for each row and each pooled row of `selection`, the row that it copies.
    func gathering(
      _ rows: TokenRows, source: [Int32], pooled: [Int32], _ selection: TokenRows,
      _ context: ComputeContext
    ) -> Tape {
      let asking = queries == .all ? source : pooled
      func all(_ matrix: Matrix?) -> Matrix? { matrix.map { context.gather($0, source) } }
      func asked(_ matrix: Matrix?) -> Matrix? { matrix.map { context.gather($0, asking) } }
      var tape = Tape(queries)
      tape.input = all(input)
      tape.statistics1 = all(statistics1)
      tape.normed1 = all(normed1)
      tape.key = all(key)
      tape.value = all(value)
      tape.reducedKey = all(reducedKey)
      tape.reducedValue = all(reducedValue)
      tape.normedPooled = asked(normedPooled)
      tape.query = asked(query)
      tape.reducedQuery = asked(reducedQuery)
      tape.mixed = asked(mixed)
      tape.reducedOutput = asked(reducedOutput)
      tape.middle = asked(middle)
      tape.statistics2 = asked(statistics2)
      tape.normed2 = asked(normed2)
      tape.reducedExpansion = asked(reducedExpansion)
      tape.expanded = asked(expanded)
      tape.activated = asked(activated)
      tape.reducedContraction = asked(reducedContraction)
      tape.probabilities = probabilities.map {
        context.gatherPaths($0, from: rows.paths(queries), asking, to: selection.paths(queries))
      }
      return tape
    }
  }
}
