import Tensors

/// CLIP's text encoder: embeddings, causal blocks, and a projection of the end token's row.
package struct TextTower {
  private let tokenEmbedding: Parameter
  private let context: Parameter?
  private let positionEmbedding: Parameter
  private let width: Int
  private let encoder: TransformerEncoder
  private let head: PooledProjection

  /// - Parameters:
  ///   - context: learned vectors that texts refer to by negative tokens, starting at -1 [vectors,
  ///     width]; nil if no text does.
  ///   - options: execution options.
  package init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable,
    context: Parameter? = nil, _ options: TowerOptions = TowerOptions()
  ) {
    let text = parameters.text
    tokenEmbedding = table[text.tokenEmbedding]
    self.context = context
    positionEmbedding = table[text.positionEmbedding]
    width = configuration.text.width
    encoder = TransformerEncoder(
      text.blocks, configuration.text,
      trainsInput: tokenEmbedding.isTrained || positionEmbedding.isTrained
        || context?.isTrained == true,
      options, table)
    head = PooledProjection(
      norm: table.layerNorm(text.finalNorm, configuration.text.layerNormEpsilon),
      projection: table.linear(text.projection))
  }

  /// Whether any parameter is trained.
  package var isTrained: Bool { encoder.isTrained || head.isTrained }

  /// The width of a feature vector.
  package var projectionWidth: Int { head.projection.outputs }

  /// The precomputed output of everything below the lowest trained layer, for every row of the
  /// texts; nil if there is nothing below it.
  package func frozenStart(_ texts: TextRows, _ context: ComputeContext) -> FrozenStart? {
    guard encoder.hasFrozenStart else { return nil }
    return encoder.frozenStart(embed(texts, context), texts.rows, context)
  }

  /// - Parameter start: the precomputed output of the frozen layers, if available.
  /// - Returns: the features of the texts [texts, projectionWidth], not normalised, and a tape for
  ///   the backward pass if `recording`.
  package func forward(
    _ texts: TextRows, from start: FrozenStart? = nil, recording: Bool, _ context: ComputeContext
  ) -> (features: Matrix, tape: Tape?) {
    let (pooled, encoderTape) = encoder.forward(
      start.map { .start($0) } ?? .tokens(embed(texts, context)), texts.rows, recording: recording,
      context)
    let (features, headTape) = head.forward(pooled, recording: recording, context)
    return (features, headTape.map { Tape(texts: texts, encoder: encoderTape, head: $0) })
  }

  /// Adds the gradients of all trained parameters, given the gradient of the features.
  package func backward(_ dFeatures: Matrix, _ tape: Tape, _ context: ComputeContext) {
    guard
      let pooled = head.backward(dFeatures, tape.head, needsInput: encoder.isTrained, context),
      let gradient = encoder.backward(pooled, tape.encoder, context)
    else { return }
    embedBackward(gradient, tape, context)
    gradient.recycle()
  }

  private func embed(_ texts: TextRows, _ context: ComputeContext) -> Matrix {
    let x = context.matrix(texts.rows.count, width)
    context.countKernel(numbers: 2 * x.count)
    guard context.computes else { return x }
    forEachToken(texts) { row, token, position in
      let target = x.base + row * width
      let (vectors, index) = vector(of: token)
      let embedding = vectors.value + index * width
      let offset = positionEmbedding.value + position * width
      for column in 0..<width { target[column] = embedding[column] + offset[column] }
    }
    return x
  }

  private func embedBackward(_ gradient: Matrix, _ tape: Tape, _ context: ComputeContext) {
    context.countKernel(numbers: 2 * gradient.count)
    guard context.computes else { return }
    func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
      for column in 0..<width { target[column] += source[column] }
    }
    forEachToken(tape.texts) { row, token, position in
      let source = gradient.base + row * width
      let (vectors, index) = vector(of: token)
      if let target = vectors.gradient { add(source, to: target + index * width) }
      if let target = positionEmbedding.gradient { add(source, to: target + position * width) }
    }
  }

  /// The table that contains a token's vector, and the row in it.
  private func vector(of token: Int) -> (Parameter, row: Int) {
    guard token < 0 else { return (tokenEmbedding, token) }
    guard let context else { preconditionFailure("context for the tokens that name it") }
    return (context, -1 - token)
  }

  private func forEachToken(
    _ texts: TextRows, _ body: (_ row: Int, _ token: Int, _ position: Int) -> Void
  ) {
    for row in texts.tokens.indices {
      body(row, Int(texts.tokens[row]), Int(texts.positions[row]))
    }
  }

  package struct Tape {
    let texts: TextRows
    let encoder: TransformerEncoder.Tape
    let head: PooledProjection.Tape

    /// The texts of each client.
    package var parts: [Range<Int>] { texts.rows.parts(.pooled) }

    /// Gathers the tape for a selection of the texts' rows.
    ///
    /// - Parameters:
    ///   - source: the row that each row of `selection` copies.
    ///   - pooled: the text that each text of `selection` copies.
    package func gathering(
      _ selection: TextRows, source: [Int32], pooled: [Int32], _ context: ComputeContext
    ) -> Tape {
      Tape(
        texts: selection,
        encoder: encoder.gathering(selection.rows, source: source, pooled: pooled, context),
        head: head.gathering(pooled, context))
    }
  }
}
