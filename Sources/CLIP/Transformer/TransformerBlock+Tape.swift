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
    var savedKey: SavedForUpdate?
    var savedValue: SavedForUpdate?
    // One row per query row.
    var normedPooled: Matrix?
    var query: Matrix?
    var savedQuery: SavedForUpdate?
    var mixed: Matrix?
    var savedOutput: SavedForUpdate?
    var middle: Matrix?
    var statistics2: Matrix?
    var normed2: Matrix?
    var savedExpansion: SavedForUpdate?
    var expanded: Matrix?
    var activated: Matrix?
    var savedContraction: SavedForUpdate?
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
      tape.savedKey = savedKey?.gathering(source, context)
      tape.savedValue = savedValue?.gathering(source, context)
      tape.normedPooled = asked(normedPooled)
      tape.query = asked(query)
      tape.savedQuery = savedQuery?.gathering(asking, context)
      tape.mixed = asked(mixed)
      tape.savedOutput = savedOutput?.gathering(asking, context)
      tape.middle = asked(middle)
      tape.statistics2 = asked(statistics2)
      tape.normed2 = asked(normed2)
      tape.savedExpansion = savedExpansion?.gathering(asking, context)
      tape.expanded = asked(expanded)
      tape.activated = asked(activated)
      tape.savedContraction = savedContraction?.gathering(asking, context)
      tape.probabilities = probabilities.map {
        context.gatherPaths($0, from: rows.paths(queries), asking, to: selection.paths(queries))
      }
      return tape
    }
  }
}
