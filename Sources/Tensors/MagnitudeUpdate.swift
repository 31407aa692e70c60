/// A low-rank change of a linear layer's direction with a learned magnitude for every output (DoRA,
/// Liu et al., arXiv 2402.09353): y = c ⊙ x Vᵀ + b with V = W + scale B A and c = m / ‖V‖, where ‖V‖
/// [outputs] are the norms of V's rows.
///
/// As in the paper's section 4.3 and in PEFT, ‖V‖ is a constant in the gradient, although it is
/// computed from A and B in every pass.
package struct MagnitudeUpdate: LinearUpdate {
  /// The change of W, without a core.
  package let direction: LowRankUpdate
  /// m [outputs].
  package let magnitude: Parameter

  package init(_ direction: LowRankUpdate, magnitude: Parameter) {
    precondition(direction.core == nil, "a direction has two factors")
    self.direction = direction
    self.magnitude = magnitude
  }

  package var isTrained: Bool { direction.isTrained || magnitude.isTrained }

  package var readsInput: Bool { direction.a.isTrained }

  /// - Returns: y, x Aᵀ [rows, rank], x Vᵀ [rows, outputs], and c above 1 / ‖V‖ [2, outputs].
  package func forward(
    _ layer: Linear, _ x: Matrix, adding residual: Matrix?, parts: [Range<Int>]?,
    _ context: ComputeContext
  ) -> (y: Matrix, saved: SavedForUpdate) {
    let saved = save(layer, x, parts: parts, context)
    let y = context.scaleColumns(
      saved.rows[1], by: saved.constants[0].base, adding: residual, row: layer.bias?.value)
    return (y, saved)
  }

  package func save(
    _ layer: Linear, _ x: Matrix, parts: [Range<Int>]?, _ context: ComputeContext
  ) -> SavedForUpdate {
    let factors = factors(layer, context)
    let product = layer.multiplyWeight(x, context)
    let reduced = lowRank.addProduct(layer, x, to: product, parts: nil, context)
    return SavedForUpdate(rows: [reduced, product], constants: [factors])
  }

  package func backward(
    _ layer: Linear, _ dy: Matrix, input x: Matrix?, saved: SavedForUpdate?, into dx: Matrix?,
    accumulating: Bool, parts: [Range<Int>]?, _ context: ComputeContext
  ) {
    precondition(
      !layer.weight.isTrained && layer.bias?.isTrained != true, "a magnitude of a frozen layer")
    guard let saved else { preconditionFailure("what the forward pass saved") }
    let (reduced, product, factors) = (saved.rows[0], saved.rows[1], saved.constants[0])
    if let gradient = magnitude.gradient {
      context.addColumnProducts(
        of: dy, product, scale: factors.base + layer.outputs, to: gradient)
    }
    let dProduct = context.scaleColumns(dy, by: factors.base)
    layer.plainBackward(dProduct, input: nil, into: dx, accumulating: accumulating, context)
    lowRank.productBackward(
      layer, dProduct, input: x, reduced: reduced, into: dx, parts: nil, context)
    dProduct.recycle()
  }

  /// diag(c) (W + scale B A).
  package func merge(
    into weight: MatrixView, bias: UnsafeMutablePointer<Float>?, _ context: ComputeContext
  ) {
    lowRank.merge(into: weight, bias: nil, context)
    for row in 0..<weight.rows {
      let values = weight.base + row * weight.stride
      let factor = magnitude.value[row] / Self.norm(values, weight.columns)
      for column in 0..<weight.columns { values[column] *= factor }
    }
  }

  private var lowRank: LowRankUpdates { LowRankUpdates([direction]) }

  /// c above 1 / ‖V‖, [2, outputs].
  private func factors(_ layer: Linear, _ context: ComputeContext) -> Matrix {
    let factors = context.matrix(2, layer.outputs)
    let changed = context.matrix(layer.outputs, layer.inputs)
    context.copy(layer.weight.value, to: changed.base, count: changed.count)
    lowRank.merge(into: changed.view, bias: nil, context)
    context.countKernel(numbers: changed.count + 3 * layer.outputs)
    if context.computes {
      for output in 0..<layer.outputs {
        let norm = Self.norm(changed.base + output * layer.inputs, layer.inputs)
        factors.base[output] = magnitude.value[output] / norm
        factors.base[layer.outputs + output] = 1 / norm
      }
    }
    changed.recycle()
    return factors
  }

  /// The norms of the rows of a weight [outputs, inputs].
  package static func norms(
    _ weight: UnsafePointer<Float>, outputs: Int, inputs: Int
  ) -> [Float] {
    (0..<outputs).map { norm(weight + $0 * inputs, inputs) }
  }

  /// Summed in double precision, so that the result does not depend on the order.
  private static func norm(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum = 0.0
    for index in 0..<count { sum += Double(values[index]) * Double(values[index]) }
    return Float(sum.squareRoot())
  }
}
