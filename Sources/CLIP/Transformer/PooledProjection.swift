import Tensors

/// The head of a tower: one row of each sequence, normalised and projected into the common space.
struct PooledProjection {
  let norm: LayerNorm
  let projection: Linear

  var isTrained: Bool { norm.isTrained || projection.isTrained }

  /// - Parameters:
  ///   - x: the last block's output [rows, width]; recycled.
  ///   - rows: which of its rows are taken.
  /// - Returns: the features [rows.count, projectionWidth], not normalised.
  func forward(_ x: Matrix, rows: [Int], recording: Bool, _ context: ComputeContext) -> (
    features: Matrix, tape: Tape?
  ) {
    let pooled = context.matrix(rows.count, x.columns)
    for (target, row) in rows.enumerated() {
      context.copy(
        x.base + row * x.columns, to: pooled.base + target * x.columns, count: x.columns)
    }
    let inputRows = x.rows
    x.recycle()
    let (normed, statistics) = norm.forward(pooled, context)
    let (features, _) = projection.forward(normed, context)
    guard recording else {
      for matrix in [pooled, normed, statistics] { matrix.recycle() }
      return (features, nil)
    }
    return (
      features,
      Tape(
        rows: rows, inputRows: inputRows, pooled: pooled, statistics: statistics, normed: normed)
    )
  }

  /// Adds the gradients of norm and projection.
  ///
  /// - Returns: the gradient of the last block's output, zero outside the pooled rows, where
  ///   `needsInput`.
  func backward(
    _ dFeatures: Matrix, _ tape: Tape, needsInput: Bool, _ context: ComputeContext
  ) -> Matrix? {
    let needsNorm = needsInput || norm.isTrained
    let dNormed = needsNorm ? context.matrix(dFeatures.rows, projection.inputs) : nil
    projection.backward(dFeatures, input: tape.normed, reduced: nil, into: dNormed, context)
    tape.normed.recycle()
    defer {
      for matrix in [tape.pooled, tape.statistics] { matrix.recycle() }
    }
    guard let dNormed else { return nil }
    let width = projection.inputs
    let dPooled = needsInput ? context.matrix(dNormed.rows, width) : nil
    norm.backward(dNormed, input: tape.pooled, tape.statistics, into: dPooled, context)
    dNormed.recycle()
    guard let dPooled else { return nil }
    let dx = context.matrix(tape.inputRows, width, zeroed: true)
    for (source, row) in tape.rows.enumerated() {
      context.copy(dPooled.base + source * width, to: dx.base + row * width, count: width)
    }
    dPooled.recycle()
    return dx
  }

  struct Tape {
    let rows: [Int]
    let inputRows: Int
    let pooled: Matrix
    let statistics: Matrix
    let normed: Matrix
  }
}
