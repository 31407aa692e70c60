/// A linear layer, y = x Wᵀ + b, with an optional low-rank update, + scale (x Aᵀ) Bᵀ.
package struct Linear {
  package let inputs: Int
  package let outputs: Int
  /// [outputs, inputs]
  package let weight: Parameter
  /// [outputs]
  package let bias: Parameter?
  package let update: LowRankUpdate?

  package init(
    inputs: Int, outputs: Int, weight: Parameter, bias: Parameter?, update: LowRankUpdate? = nil
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
    self.update = update
  }

  /// Whether a gradient of any of its parameters is wanted.
  package var isTrained: Bool {
    weight.isTrained || bias?.isTrained == true
      || update.map { $0.a.isTrained || $0.b.isTrained } == true
  }

  /// - Parameter x: [rows, inputs]
  /// - Returns: y [rows, outputs], and x Aᵀ [rows, rank] for the backward pass where there is an update.
  package func forward(_ x: Matrix, _ context: ComputeContext) -> (y: Matrix, reduced: Matrix?) {
    let y = context.matrix(x.rows, outputs)
    context.multiply(x.view, .asIs, weightView, .transposed, into: y.view)
    if let bias { context.addRow(bias.value, to: y) }
    guard let update else { return (y, nil) }
    let reduced = context.matrix(x.rows, update.rank)
    context.multiply(x.view, .asIs, aView(update), .transposed, into: reduced.view)
    context.multiply(
      reduced.view, .asIs, bView(update), .transposed, into: y.view, alpha: update.scale, beta: 1)
    return (y, reduced)
  }

  /// Adds the gradients of the trained parameters, and writes that of the input where it is wanted.
  ///
  /// - Parameters:
  ///   - dy: the gradient of the output, [rows, outputs].
  ///   - x: the input [rows, inputs]; needed where the layer is trained.
  ///   - reduced: what `forward` returned beside y.
  ///   - dx: where the input's gradient goes, or nil; `accumulating` adds to it.
  package func backward(
    _ dy: Matrix, input x: Matrix?, reduced: Matrix?, into dx: Matrix?, accumulating: Bool = false,
    _ context: ComputeContext
  ) {
    if let gradient = weight.gradient, let x {
      context.multiply(
        dy.view, .transposed, x.view, .asIs,
        into: MatrixView(gradient, rows: outputs, columns: inputs), beta: 1)
    }
    if let gradient = bias?.gradient { context.addColumnSums(of: dy, to: gradient) }
    if let dx {
      context.multiply(
        dy.view, .asIs, weightView, .asIs, into: dx.view, beta: accumulating ? 1 : 0)
    }
    guard let update else { return }
    if let gradient = update.b.gradient, let reduced {
      context.multiply(
        dy.view, .transposed, reduced.view, .asIs,
        into: MatrixView(gradient, rows: outputs, columns: update.rank), alpha: update.scale,
        beta: 1)
    }
    guard dx != nil || update.a.isTrained else { return }
    let dReduced = context.matrix(dy.rows, update.rank)
    context.multiply(
      dy.view, .asIs, bView(update), .asIs, into: dReduced.view, alpha: update.scale)
    if let gradient = update.a.gradient, let x {
      context.multiply(
        dReduced.view, .transposed, x.view, .asIs,
        into: MatrixView(gradient, rows: update.rank, columns: inputs), beta: 1)
    }
    if let dx {
      context.multiply(dReduced.view, .asIs, aView(update), .asIs, into: dx.view, beta: 1)
    }
    dReduced.recycle()
  }

  private var weightView: MatrixView {
    MatrixView(reading: weight.value, rows: outputs, columns: inputs)
  }

  private func aView(_ update: LowRankUpdate) -> MatrixView {
    MatrixView(reading: update.a.value, rows: update.rank, columns: inputs)
  }

  private func bView(_ update: LowRankUpdate) -> MatrixView {
    MatrixView(reading: update.b.value, rows: outputs, columns: update.rank)
  }
}
