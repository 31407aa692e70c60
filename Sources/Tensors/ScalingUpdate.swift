/// A learned factor for every output or every input of a linear layer ((IA)³, Liu et al., arXiv
/// 2205.05638): y = l ⊙ (x Wᵀ + b) or y = (l ⊙ x) Wᵀ + b.
package struct ScalingUpdate: LinearUpdate {
  package enum Side: Sendable {
    case outputs, inputs
  }

  /// l [outputs] or [inputs].
  package let factors: Parameter
  package let side: Side

  package init(_ factors: Parameter, of side: Side) {
    self.factors = factors
    self.side = side
  }

  package var isTrained: Bool { factors.isTrained }

  package var readsInput: Bool { side == .inputs && factors.isTrained }

  /// - Returns: y, and the unscaled outputs x Wᵀ + b [rows, outputs] if those are scaled.
  package func forward(
    _ layer: Linear, _ x: Matrix, adding residual: Matrix?, parts: [Range<Int>]?,
    _ context: ComputeContext
  ) -> (y: Matrix, saved: SavedForUpdate) {
    switch side {
    case .outputs:
      let plain = layer.plain(x, context)
      let y = context.scaleColumns(plain, by: factors.value, adding: residual)
      return (y, SavedForUpdate(rows: [plain]))
    case .inputs:
      let scaled = context.scaleColumns(x, by: factors.value)
      let y = layer.plain(scaled, adding: residual, context)
      scaled.recycle()
      return (y, SavedForUpdate())
    }
  }

  package func save(
    _ layer: Linear, _ x: Matrix, parts: [Range<Int>]?, _ context: ComputeContext
  ) -> SavedForUpdate {
    side == .outputs ? SavedForUpdate(rows: [layer.plain(x, context)]) : SavedForUpdate()
  }

  package func backward(
    _ layer: Linear, _ dy: Matrix, input x: Matrix?, saved: SavedForUpdate?, into dx: Matrix?,
    accumulating: Bool, parts: [Range<Int>]?, _ context: ComputeContext
  ) {
    precondition(!layer.weight.isTrained, "factors of a frozen layer")
    switch side {
    case .outputs:
      if let gradient = factors.gradient, let saved {
        context.addColumnProducts(of: dy, saved.rows[0], to: gradient)
      }
      guard dx != nil else { return }
      let dPlain = context.scaleColumns(dy, by: factors.value)
      layer.plainBackward(dPlain, input: nil, into: dx, accumulating: accumulating, context)
      dPlain.recycle()
    case .inputs:
      let dScaled = context.matrix(dy.rows, layer.inputs)
      layer.plainBackward(dy, input: nil, into: dScaled, accumulating: false, context)
      if let gradient = factors.gradient, let x {
        context.addColumnProducts(of: dScaled, x, to: gradient)
      }
      if let dx {
        context.scaleColumns(
          dScaled, by: factors.value, adding: accumulating ? dx : nil, into: dx)
      }
      dScaled.recycle()
    }
  }

  /// diag(l) W and l ⊙ b, or W diag(l).
  package func merge(
    into weight: MatrixView, bias: UnsafeMutablePointer<Float>?, _ context: ComputeContext
  ) {
    for row in 0..<weight.rows {
      for column in 0..<weight.columns {
        weight.base[row * weight.stride + column] *=
          factors.value[side == .outputs ? row : column]
      }
      if side == .outputs, let bias { bias[row] *= factors.value[row] }
    }
  }
}
