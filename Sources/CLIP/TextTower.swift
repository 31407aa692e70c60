import Tensors

/// CLIP's text encoder: embeddings, causal blocks, and the end token's row projected.
package struct TextTower {
  private let tokenEmbedding: Parameter
  private let positionEmbedding: Parameter
  private let width: Int
  private let encoder: TransformerEncoder
  private let head: PooledProjection

  package init(
    _ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable
  ) {
    let text = parameters.text
    tokenEmbedding = table[text.tokenEmbedding]
    positionEmbedding = table[text.positionEmbedding]
    width = configuration.text.width
    encoder = TransformerEncoder(
      text.blocks, configuration.text, causal: true,
      trainsInput: tokenEmbedding.isTrained || positionEmbedding.isTrained, table)
    head = PooledProjection(
      norm: table.layerNorm(text.finalNorm, configuration.text.layerNormEpsilon),
      projection: table.linear(text.projection))
  }

  /// Whether any of its parameters is trained.
  package var isTrained: Bool { encoder.isTrained || head.isTrained }

  /// - Returns: the features of the texts [texts, projectionWidth], not normalised, and what the
  ///   backward pass needs where `recording`.
  package func forward(_ texts: TextBatch, recording: Bool, _ context: ComputeContext) -> (
    features: Matrix, tape: Tape?
  ) {
    let rows = RaggedRows(lengths: texts.lengths)
    let x = embed(texts, rows, context)
    let (y, encoderTape) = encoder.forward(x, rows, recording: recording, context)
    let (features, headTape) = head.forward(
      y, rows: texts.endRows, recording: recording, context)
    return (
      features, headTape.map { Tape(texts: texts, rows: rows, encoder: encoderTape, head: $0) }
    )
  }

  /// Adds the gradients of all trained parameters, given that of the features.
  package func backward(_ dFeatures: Matrix, _ tape: Tape, _ context: ComputeContext) {
    guard
      let gradient = head.backward(
        dFeatures, tape.head, needsInput: encoder.isTrained, context)
    else { return }
    encoder.backward(gradient, tape.encoder, context)
    embedBackward(gradient, tape, context)
    gradient.recycle()
  }

  private func embed(_ texts: TextBatch, _ rows: RaggedRows, _ context: ComputeContext) -> Matrix {
    let x = context.matrix(rows.rowCount, width)
    guard context.computes else { return x }
    forEachToken(texts, rows) { row, token, position in
      let target = x.base + row * width
      let embedding = tokenEmbedding.value + token * width
      let offset = positionEmbedding.value + position * width
      for column in 0..<width { target[column] = embedding[column] + offset[column] }
    }
    return x
  }

  private func embedBackward(_ gradient: Matrix, _ tape: Tape, _ context: ComputeContext) {
    guard context.computes else { return }
    func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
      for column in 0..<width { target[column] += source[column] }
    }
    forEachToken(tape.texts, tape.rows) { row, token, position in
      let source = gradient.base + row * width
      if let target = tokenEmbedding.gradient { add(source, to: target + token * width) }
      if let target = positionEmbedding.gradient { add(source, to: target + position * width) }
    }
  }

  private func forEachToken(
    _ texts: TextBatch, _ rows: RaggedRows,
    _ body: (_ row: Int, _ token: Int, _ position: Int) -> Void
  ) {
    for (start, length) in zip(rows.starts, rows.lengths) {
      for position in 0..<length {
        body(start + position, Int(texts.tokens[start + position]), position)
      }
    }
  }

  package struct Tape {
    let texts: TextBatch
    let rows: RaggedRows
    let encoder: TransformerEncoder.Tape
    let head: PooledProjection.Tape
  }
}
