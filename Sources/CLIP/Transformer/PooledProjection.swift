import Tensors

/// The head of a tower: normalises the row that represents each text or image and projects it into
/// the joint embedding space.
struct PooledProjection {
  let norm: LayerNorm
  let projection: Linear

  var isTrained: Bool { norm.isTrained || projection.isTrained }

  /// - Parameter pooled: the rows that represent texts or images [n, width]; recycled unless
  ///   recorded on the tape.
  /// - Returns: the features [n, projectionWidth], not normalised.
  func forward(_ pooled: Matrix, recording: Bool, _ context: ComputeContext) -> (
    features: Matrix, tape: Tape?
  ) {
    let (normed, statistics) = norm.forward(pooled, context)
    let (features, _) = projection.forward(normed, context)
    guard recording else {
      for matrix in [pooled, normed, statistics] { matrix.recycle() }
      return (features, nil)
    }
    return (features, Tape(pooled: pooled, statistics: statistics, normed: normed))
  }

  /// Normalises the pooled rows, which are recycled, without projecting them.
  func normalize(_ pooled: Matrix, _ context: ComputeContext) -> Matrix {
    let (normed, statistics) = norm.forward(pooled, context)
    for matrix in [pooled, statistics] { matrix.recycle() }
    return normed
  }

  /// Adds the gradients of the norm and the projection.
  ///
  /// - Returns: the gradient of the pooled rows if `needsInput`.
  func backward(
    _ dFeatures: Matrix, _ tape: Tape, needsInput: Bool, _ context: ComputeContext
  ) -> Matrix? {
    let needsNorm = needsInput || norm.isTrained
    let dNormed = needsNorm ? context.matrix(dFeatures.rows, projection.inputs) : nil
    projection.backward(dFeatures, input: tape.normed, saved: nil, into: dNormed, context)
    tape.normed.recycle()
    defer {
      for matrix in [tape.pooled, tape.statistics] { matrix.recycle() }
    }
    guard let dNormed else { return nil }
    let dPooled = needsInput ? context.matrix(dNormed.rows, projection.inputs) : nil
    norm.backward(dNormed, input: tape.pooled, tape.statistics, into: dPooled, context)
    dNormed.recycle()
    return dPooled
  }

  struct Tape {
    let pooled: Matrix
    let statistics: Matrix
    let normed: Matrix

    /// Gathers the tape for a selection of the pooled rows.
    func gathering(_ pooled: [Int32], _ context: ComputeContext) -> Tape {
      Tape(
        pooled: context.gather(self.pooled, pooled),
        statistics: context.gather(statistics, pooled), normed: context.gather(normed, pooled))
    }
  }
}
