import Tensors

/// A pre-norm transformer block: x += attention(norm1(x)), then x += mlp(norm2(x)).
///
/// If only the pooled rows of the output are needed, as in a tower's last block, only they are
/// queries: keys and values cover all rows, and everything else is computed for the pooled rows
/// only.
struct TransformerBlock {
  let norm1: LayerNorm
  let query: Linear
  let key: Linear
  let value: Linear
  let attention: Attention
  let output: Linear
  let norm2: LayerNorm
  let expansion: Linear
  let activation: Activation
  let contraction: Linear

  init(_ parameters: CLIPParameters.Block, _ tower: TowerConfiguration, _ table: ParameterTable) {
    norm1 = table.layerNorm(parameters.norm1, tower.layerNormEpsilon)
    query = table.linear(parameters[.query])
    key = table.linear(parameters[.key])
    value = table.linear(parameters[.value])
    attention = Attention(heads: tower.heads, width: tower.width)
    output = table.linear(parameters[.output])
    norm2 = table.layerNorm(parameters.norm2, tower.layerNormEpsilon)
    expansion = table.linear(parameters[.expansion])
    activation = tower.activation
    contraction = table.linear(parameters[.contraction])
  }

  /// Whether any parameter of the block needs a gradient.
  var isTrained: Bool {
    trainsUpToAttention || output.isTrained || norm2.isTrained || expansion.isTrained
      || contraction.isTrained
  }

  /// Computes the block's output and recycles `x` if possible.
  ///
  /// - Parameters:
  ///   - x: all tokens, [rows.count, width]; recycled unless the backward pass needs it.
  ///   - mixed: the precomputed attention output before its projection, [rows.count, width], if
  ///     available.
  ///   - queries: the rows of the output that are needed.
  ///   - need: what the backward pass needs, or nil without a backward pass.
  /// - Returns: the output of the query rows and, for a backward pass, a tape with only what it
  ///   needs.
  func forward(
    _ x: Matrix, mixed known: Matrix? = nil, _ rows: TokenRows, _ queries: TokenRows.Queries,
    _ need: BackwardNeed?, _ context: ComputeContext
  ) -> (y: Matrix, tape: Tape?) {
    var tape = Tape(queries)
    let inner = forwardToContraction(x, known, rows, queries, need, &tape, context)
    let (y, saved) = contraction.forward(
      inner.activated, adding: inner.middle, parts: rows.parts(queries), context)
    keep(inner, saved, need, &tape)
    return (y, need == nil ? nil : tape)
  }

  /// Recomputes the tape of a forward pass that ran without one.
  ///
  /// - Parameter x: the same values as in `forward`.
  func recompute(
    _ x: Matrix, mixed known: Matrix?, _ rows: TokenRows, _ queries: TokenRows.Queries,
    _ need: BackwardNeed, _ context: ComputeContext
  ) -> Tape {
    var tape = Tape(queries)
    let inner = forwardToContraction(x, known, rows, queries, need, &tape, context)
    let saved = contraction.save(inner.activated, parts: rows.parts(queries), context)
    keep(inner, saved, need, &tape)
    return tape
  }

  /// The input of the block's last layer.
  private struct Inner {
    let activated: Matrix
    /// The residual to which the layer's output is added.
    let middle: Matrix
    let statistics2: Matrix
    let savedOutput: SavedForUpdate?
    let savedExpansion: SavedForUpdate?
  }

  /// The forward pass up to the input of the last layer.
  private func forwardToContraction(
    _ x: Matrix, _ known: Matrix?, _ rows: TokenRows, _ queries: TokenRows.Queries,
    _ need: BackwardNeed?, _ tape: inout Tape, _ context: ComputeContext
  ) -> Inner {
    let parts = rows.parts(queries)
    let mixed =
      if let known {
        queries == .all ? known : context.gather(known, rows.pooled)
      } else {
        attend(x, rows, queries, need, &tape, context)
      }
    let residual = queries == .all ? x : context.gather(x, rows.pooled)
    let (middle, savedOutput) = output.forward(mixed, adding: residual, parts: parts, context)
    tape.mixed = keep(mixed, if: need != nil && output.readsInput)
    if queries == .pooled { residual.recycle() }
    tape.input = keep(x, if: passesNorm1(need))

    let (normed2, statistics2) = norm2.forward(middle, context)
    let (expanded, savedExpansion) = expansion.forward(normed2, parts: parts, context)
    tape.normed2 = keep(normed2, if: need != nil && expansion.readsInput)
    let activated = activation.forward(expanded, context)
    tape.expanded = keep(
      expanded, if: need != nil && (passesNorm2(need) || expansion.isTrained))
    return Inner(
      activated: activated, middle: middle, statistics2: statistics2,
      savedOutput: savedOutput, savedExpansion: savedExpansion)
  }

  private func keep(
    _ inner: Inner, _ savedContraction: SavedForUpdate?, _ need: BackwardNeed?, _ tape: inout Tape
  ) {
    tape.activated = keep(inner.activated, if: need != nil && contraction.readsInput)
    tape.middle = keep(inner.middle, if: passesNorm2(need))
    tape.statistics2 = keep(inner.statistics2, if: passesNorm2(need))
    tape.savedOutput = keep(inner.savedOutput, if: need != nil)
    tape.savedExpansion = keep(inner.savedExpansion, if: need != nil)
    tape.savedContraction = keep(savedContraction, if: need != nil)
  }

  /// The attention's output before its projection, if nothing up to there is trained.
  func frozenMixed(_ x: Matrix, _ rows: TokenRows, _ context: ComputeContext) -> Matrix? {
    guard !trainsUpToAttention else { return nil }
    var tape = Tape(.all)
    return attend(x, rows, .all, nil, &tape, context)
  }

  /// - Returns: the attention's output for the query rows, before the projection.
  private func attend(
    _ x: Matrix, _ rows: TokenRows, _ queries: TokenRows.Queries, _ need: BackwardNeed?,
    _ tape: inout Tape, _ context: ComputeContext
  ) -> Matrix {
    let (normed, statistics) = norm1.forward(x, context)
    let all = rows.parts(.all)
    let asking = queries == .all ? normed : context.gather(normed, rows.pooled)
    let (q, savedQuery) = query.forward(asking, parts: rows.parts(queries), context)
    if queries == .pooled {
      tape.normedPooled = keep(asking, if: need != nil && query.readsInput)
    }
    let (k, savedKey) = key.forward(normed, parts: all, context)
    let (v, savedValue) = value.forward(normed, parts: all, context)
    let readsRows = key.readsInput || value.readsInput || queries == .all && query.readsInput
    tape.normed1 = keep(normed, if: need != nil && readsRows)
    let (mixed, probabilities) = attention.forward(q: q, k: k, v: v, rows, queries, context)
    let passesAttention = need.map { $0.input || trainsUpToAttention } ?? false
    tape.query = keep(q, if: passesAttention)
    tape.key = keep(k, if: passesAttention)
    tape.value = keep(v, if: passesAttention)
    tape.probabilities = keep(probabilities, if: passesAttention)
    tape.statistics1 = keep(statistics, if: passesNorm1(need))
    tape.savedQuery = keep(savedQuery, if: need != nil)
    tape.savedKey = keep(savedKey, if: need != nil)
    tape.savedValue = keep(savedValue, if: need != nil)
    return mixed
  }

  /// Adds the gradients of the trained parameters.
  ///
  /// - Parameter gradient: the gradient of the query rows' output; recycled, or returned.
  /// - Returns: the gradient of the input [rows.count, width], if `need.input`.
  func backward(
    _ gradient: Matrix, _ tape: Tape, _ rows: TokenRows, _ queries: TokenRows.Queries,
    _ need: BackwardNeed, _ context: ComputeContext
  ) -> Matrix? {
    mlpBackward(gradient, tape, rows.parts(queries), need, context)
    guard passesMiddle(need) else {
      gradient.recycle()
      return nil
    }
    return attentionBackward(gradient, tape, rows, queries, need, context)
  }

  /// Replaces `gradient` with the gradient between attention and MLP.
  private func mlpBackward(
    _ gradient: Matrix, _ tape: Tape, _ parts: [Range<Int>], _ need: BackwardNeed,
    _ context: ComputeContext
  ) {
    let passesNorm2 = passesNorm2(need)
    let passesExpansion = passesNorm2 || expansion.isTrained
    let dActivated = passesExpansion ? context.matrix(gradient.rows, expansion.outputs) : nil
    contraction.backward(
      gradient, input: tape.activated, saved: tape.savedContraction, into: dActivated,
      parts: parts, context)
    discard(tape.activated)
    discard(tape.savedContraction)
    guard let dActivated, let expanded = tape.expanded else { return }
    activation.backward(dActivated, input: expanded, context)
    expanded.recycle()
    let dNormed = passesNorm2 ? context.matrix(gradient.rows, expansion.inputs) : nil
    expansion.backward(
      dActivated, input: tape.normed2, saved: tape.savedExpansion, into: dNormed, parts: parts,
      context)
    discard(dActivated, tape.normed2)
    discard(tape.savedExpansion)
    guard let dNormed, let middle = tape.middle, let statistics = tape.statistics2 else { return }
    norm2.backward(
      dNormed, input: middle, statistics, into: passesMiddle(need) ? gradient : nil,
      accumulating: true, context)
    discard(dNormed, middle, statistics)
  }

  private func attentionBackward(
    _ gradient: Matrix, _ tape: Tape, _ rows: TokenRows, _ queries: TokenRows.Queries,
    _ need: BackwardNeed, _ context: ComputeContext
  ) -> Matrix? {
    let asking = rows.parts(queries)
    let passesAttention = need.input || trainsUpToAttention
    let dMixed = passesAttention ? context.matrix(gradient.rows, output.inputs) : nil
    output.backward(
      gradient, input: tape.mixed, saved: tape.savedOutput, into: dMixed, parts: asking,
      context)
    discard(tape.mixed)
    discard(tape.savedOutput)
    guard let dMixed, let q = tape.query, let k = tape.key, let v = tape.value,
      let probabilities = tape.probabilities
    else {
      gradient.recycle()
      return nil
    }
    let (dq, dk, dv) = attention.backward(
      dMixed, q: q, k: k, v: v, probabilities: probabilities, rows, queries, context)
    discard(dMixed, q, k, v, probabilities)
    let dNormed = passesNorm1(need) ? context.matrix(rows.count, key.inputs) : nil
    let all = rows.parts(.all)
    key.backward(
      dk, input: tape.normed1, saved: tape.savedKey, into: dNormed, parts: all, context)
    value.backward(
      dv, input: tape.normed1, saved: tape.savedValue, into: dNormed, accumulating: true,
      parts: all, context)
    switch queries {
    case .all:
      query.backward(
        dq, input: tape.normed1, saved: tape.savedQuery, into: dNormed, accumulating: true,
        parts: asking, context)
    case .pooled:
      let dPooled = dNormed.map { context.matrix(dq.rows, $0.columns) }
      query.backward(
        dq, input: tape.normedPooled, saved: tape.savedQuery, into: dPooled, parts: asking,
        context)
      if let dNormed, let dPooled { context.scatterAdd(dPooled, to: dNormed, rows.pooled) }
      dPooled?.recycle()
    }
    discard(dq, dk, dv, tape.normed1, tape.normedPooled)
    discard(tape.savedQuery, tape.savedKey, tape.savedValue)
    return norm1Backward(gradient, dNormed, tape, rows, queries, need, context)
  }

  /// - Parameter dNormed: the gradient of the first norm's output, or nil if not needed.
  private func norm1Backward(
    _ gradient: Matrix, _ dNormed: Matrix?, _ tape: Tape, _ rows: TokenRows,
    _ queries: TokenRows.Queries, _ need: BackwardNeed, _ context: ComputeContext
  ) -> Matrix? {
    var dx: Matrix?
    switch (need.input, queries) {
    case (false, _): gradient.recycle()
    case (true, .all): dx = gradient
    case (true, .pooled):
      let all = context.matrix(rows.count, gradient.columns, zeroed: true)
      context.scatterAdd(gradient, to: all, rows.pooled)
      gradient.recycle()
      dx = all
    }
    guard let dNormed, let input = tape.input, let statistics = tape.statistics1 else { return dx }
    norm1.backward(dNormed, input: input, statistics, into: dx, accumulating: true, context)
    discard(dNormed, input, statistics)
    return dx
  }

  private var trainsUpToAttention: Bool {
    norm1.isTrained || query.isTrained || key.isTrained || value.isTrained
  }

  /// Whether the gradient has to flow past the point between attention and MLP.
  private func passesMiddle(_ need: BackwardNeed) -> Bool {
    need.input || trainsUpToAttention || output.isTrained
  }

  /// Whether the backward pass has to enter the second norm.
  private func passesNorm2(_ need: BackwardNeed?) -> Bool {
    need.map { passesMiddle($0) || norm2.isTrained } ?? false
  }

  /// Whether the backward pass has to enter the first norm.
  private func passesNorm1(_ need: BackwardNeed?) -> Bool {
    need.map { $0.input || norm1.isTrained } ?? false
  }

  private func keep(_ matrix: Matrix?, if needed: Bool) -> Matrix? {
    if needed { return matrix }
    matrix?.recycle()
    return nil
  }

  private func keep(_ saved: SavedForUpdate?, if needed: Bool) -> SavedForUpdate? {
    if needed { return saved }
    saved?.recycle()
    return nil
  }

  private func discard(_ matrices: Matrix?...) {
    for matrix in matrices { matrix?.recycle() }
  }

  private func discard(_ saved: SavedForUpdate?...) {
    for saved in saved { saved?.recycle() }
  }
}

extension TransformerBlock {
  /// What a backward pass must compute in addition to the gradients of the block's parameters.
  struct BackwardNeed {
    /// Whether anything below the block is trained.
    let input: Bool
  }
}
