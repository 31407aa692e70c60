import Tensors

/// One pre-norm transformer block: x += attention(norm1(x)), then x += perceptron(norm2(x)).
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

  init(
    _ parameters: CLIPParameters.Block, _ tower: TowerConfiguration, causal: Bool,
    _ table: ParameterTable
  ) {
    norm1 = table.layerNorm(parameters.norm1, tower.layerNormEpsilon)
    query = table.linear(parameters[.query])
    key = table.linear(parameters[.key])
    value = table.linear(parameters[.value])
    attention = Attention(heads: tower.heads, width: tower.width, causal: causal)
    output = table.linear(parameters[.output])
    norm2 = table.layerNorm(parameters.norm2, tower.layerNormEpsilon)
    expansion = table.linear(parameters[.expansion])
    activation = tower.activation
    contraction = table.linear(parameters[.contraction])
  }

  /// Whether a gradient of any parameter of the block is wanted.
  var isTrained: Bool {
    trainsUpToAttention || output.isTrained || norm2.isTrained || expansion.isTrained
      || contraction.isTrained
  }

  /// Replaces `x` by the block's output.
  ///
  /// - Parameters:
  ///   - x: the tokens of all sequences, [rows, width]; recycled unless the backward pass needs it.
  ///   - need: what the backward pass will want, or nil where none follows.
  /// - Returns: the output and, for a backward pass, what it needs and nothing else.
  func forward(
    _ x: Matrix, _ sequences: RaggedRows, _ need: BackwardNeed?, _ context: ComputeContext
  ) -> (y: Matrix, tape: Tape?) {
    var tape = Tape()
    let (normed1, statistics1) = norm1.forward(x, context)
    let (q, reducedQuery) = query.forward(normed1, context)
    let (k, reducedKey) = key.forward(normed1, context)
    let (v, reducedValue) = value.forward(normed1, context)
    let trainsProjections = need != nil && (query.isTrained || key.isTrained || value.isTrained)
    tape.normed1 = keep(normed1, if: trainsProjections)
    let (mixed, probabilities) = attention.forward(q: q, k: k, v: v, sequences, context)
    let passesAttention = need.map { $0.input || trainsUpToAttention } ?? false
    tape.query = keep(q, if: passesAttention)
    tape.key = keep(k, if: passesAttention)
    tape.value = keep(v, if: passesAttention)
    tape.probabilities = keep(probabilities, if: passesAttention)

    let (middle, reducedOutput) = output.forward(mixed, context)
    tape.mixed = keep(mixed, if: need != nil && output.isTrained)
    context.add(x, to: middle)
    let passesNorm1 = need.map { $0.input || norm1.isTrained } ?? false
    tape.input = keep(x, if: passesNorm1)
    tape.statistics1 = keep(statistics1, if: passesNorm1)

    let (normed2, statistics2) = norm2.forward(middle, context)
    let (expanded, reducedExpansion) = expansion.forward(normed2, context)
    tape.normed2 = keep(normed2, if: need != nil && expansion.isTrained)
    let activated = activation.forward(expanded, context)
    let passesNorm2 = need.map { passesMiddle($0) || norm2.isTrained } ?? false
    tape.expanded = keep(expanded, if: need != nil && (passesNorm2 || expansion.isTrained))
    let (y, reducedContraction) = contraction.forward(activated, context)
    tape.activated = keep(activated, if: need != nil && contraction.isTrained)
    context.add(middle, to: y)
    tape.middle = keep(middle, if: passesNorm2)
    tape.statistics2 = keep(statistics2, if: passesNorm2)

    tape.reducedQuery = keep(reducedQuery, if: need != nil)
    tape.reducedKey = keep(reducedKey, if: need != nil)
    tape.reducedValue = keep(reducedValue, if: need != nil)
    tape.reducedOutput = keep(reducedOutput, if: need != nil)
    tape.reducedExpansion = keep(reducedExpansion, if: need != nil)
    tape.reducedContraction = keep(reducedContraction, if: need != nil)
    return (y, need == nil ? nil : tape)
  }

  /// Adds the gradients of the trained parameters and turns that of the output into the input's.
  ///
  /// - Parameter gradient: that of the output, [rows, width]; it becomes that of the input where
  ///   `need.input`, and is undefined otherwise.
  func backward(
    _ gradient: Matrix, _ tape: Tape, _ sequences: RaggedRows, _ need: BackwardNeed,
    _ context: ComputeContext
  ) {
    perceptronBackward(gradient, tape, need, context)
    guard passesMiddle(need) else { return }
    attentionBackward(gradient, tape, sequences, need, context)
  }

  /// `gradient` becomes that of what stands between attention and perceptron.
  private func perceptronBackward(
    _ gradient: Matrix, _ tape: Tape, _ need: BackwardNeed, _ context: ComputeContext
  ) {
    let passesNorm2 = passesMiddle(need) || norm2.isTrained
    let passesExpansion = passesNorm2 || expansion.isTrained
    let dActivated = passesExpansion ? context.matrix(gradient.rows, expansion.outputs) : nil
    contraction.backward(
      gradient, input: tape.activated, reduced: tape.reducedContraction, into: dActivated, context)
    discard(tape.activated, tape.reducedContraction)
    guard let dActivated, let expanded = tape.expanded else { return }
    activation.backward(dActivated, input: expanded, context)
    expanded.recycle()
    let dNormed = passesNorm2 ? context.matrix(gradient.rows, expansion.inputs) : nil
    expansion.backward(
      dActivated, input: tape.normed2, reduced: tape.reducedExpansion, into: dNormed, context)
    dActivated.recycle()
    discard(tape.normed2, tape.reducedExpansion)
    guard let dNormed, let middle = tape.middle, let statistics = tape.statistics2 else { return }
    norm2.backward(
      dNormed, input: middle, statistics, into: passesMiddle(need) ? gradient : nil,
      accumulating: true, context)
    discard(dNormed, middle, statistics)
  }

  private func attentionBackward(
    _ gradient: Matrix, _ tape: Tape, _ sequences: RaggedRows, _ need: BackwardNeed,
    _ context: ComputeContext
  ) {
    let passesAttention = need.input || trainsUpToAttention
    let dMixed = passesAttention ? context.matrix(gradient.rows, output.inputs) : nil
    output.backward(
      gradient, input: tape.mixed, reduced: tape.reducedOutput, into: dMixed, context)
    discard(tape.mixed, tape.reducedOutput)
    guard let dMixed, let q = tape.query, let k = tape.key, let v = tape.value,
      let probabilities = tape.probabilities
    else { return }
    let (dq, dk, dv) = attention.backward(
      dMixed, q: q, k: k, v: v, probabilities: probabilities, sequences, context)
    discard(dMixed, q, k, v, probabilities)
    let passesNorm1 = need.input || norm1.isTrained
    let dNormed = passesNorm1 ? context.matrix(gradient.rows, query.inputs) : nil
    query.backward(dq, input: tape.normed1, reduced: tape.reducedQuery, into: dNormed, context)
    key.backward(
      dk, input: tape.normed1, reduced: tape.reducedKey, into: dNormed, accumulating: true, context)
    value.backward(
      dv, input: tape.normed1, reduced: tape.reducedValue, into: dNormed, accumulating: true,
      context)
    discard(dq, dk, dv, tape.normed1, tape.reducedQuery, tape.reducedKey, tape.reducedValue)
    guard let dNormed, let input = tape.input, let statistics = tape.statistics1 else { return }
    norm1.backward(
      dNormed, input: input, statistics, into: need.input ? gradient : nil, accumulating: true,
      context)
    discard(dNormed, input, statistics)
  }

  private var trainsUpToAttention: Bool {
    norm1.isTrained || query.isTrained || key.isTrained || value.isTrained
  }

  /// Whether the gradient has to pass the point between attention and perceptron.
  private func passesMiddle(_ need: BackwardNeed) -> Bool {
    need.input || trainsUpToAttention || output.isTrained
  }

  private func keep(_ matrix: Matrix?, if needed: Bool) -> Matrix? {
    if needed { return matrix }
    matrix?.recycle()
    return nil
  }

  private func discard(_ matrices: Matrix?...) {
    for matrix in matrices { matrix?.recycle() }
  }
}

extension TransformerBlock {
  /// What a backward pass has to deliver beside the gradients of the block's own parameters.
  struct BackwardNeed {
    /// Whether something below the block is trained.
    let input: Bool
  }

  /// What the forward pass leaves for the backward pass; nil where nothing will ask for it.
  struct Tape {
    var input: Matrix?
    var statistics1: Matrix?
    var normed1: Matrix?
    var query: Matrix?
    var key: Matrix?
    var value: Matrix?
    var probabilities: Matrix?
    var mixed: Matrix?
    var middle: Matrix?
    var statistics2: Matrix?
    var normed2: Matrix?
    var expanded: Matrix?
    var activated: Matrix?
    var reducedQuery: Matrix?
    var reducedKey: Matrix?
    var reducedValue: Matrix?
    var reducedOutput: Matrix?
    var reducedExpansion: Matrix?
    var reducedContraction: Matrix?
  }
}
