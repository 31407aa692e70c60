/// A linear layer, y = x Wᵀ + b, with optional low-rank updates, + scale (x Aᵀ) Bᵀ or, with a
/// core, + scale (x Aᵀ) Rᵀ Bᵀ.
///
/// Several clients may share the layer: each has its own update and its own rows of x.
package struct Linear {
  package let inputs: Int
  package let outputs: Int
  /// [outputs, inputs]
  package let weight: Parameter
  /// [outputs]
  package let bias: Parameter?
  /// One per client, or none.
  package let updates: [LowRankUpdate]
  /// The weight packed for products with few rows, if it is frozen.
  package let packed: PackedWeight?

  package init(
    inputs: Int, outputs: Int, weight: Parameter, bias: Parameter?, updates: [LowRankUpdate] = [],
    packed: PackedWeight? = nil
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
    self.updates = updates
    self.packed = packed
  }

  /// Whether any of its parameters needs a gradient.
  package var isTrained: Bool {
    weight.isTrained || bias?.isTrained == true
      || updates.contains(where: \.isTrained)
  }

  /// Whether its parameters' gradients need its input. They do not if only B or a core is trained,
  /// whose gradients need the few columns of x Aᵀ instead, or only a bias.
  package var readsInput: Bool { weight.isTrained || updates.contains { $0.a.isTrained } }

  /// - Parameters:
  ///   - x: [rows, inputs]
  ///   - residual: a matrix to add to the result, [rows, outputs].
  ///   - parts: the rows of each client; nil for a single client.
  /// - Returns: y [rows, outputs], and x Aᵀ [rows, rank] for the backward pass if there is an
  ///   update.
  package func forward(
    _ x: Matrix, adding residual: Matrix? = nil, parts: [Range<Int>]? = nil,
    _ context: ComputeContext
  ) -> (y: Matrix, reduced: Matrix?) {
    let y = context.matrix(x.rows, outputs)
    var start = bias.map { ProductStart.row($0.value) } ?? .nothing
    if let residual {
      context.fill(y, residual: residual, row: bias?.value)
      start = .result
    }
    multiplyWeight(x, into: y, start, context)
    guard let reduced = reduce(x, parts: parts, context) else { return (y, nil) }
    forEachUpdate(rows: x.rows, parts) { update, rows in
      let mixed = update.core.map { core in
        let mixed = context.matrix(rows.count, update.rank)
        context.multiply(
          reduced.view(rows), .asIs, coreView(core, update), .transposed, into: mixed.view)
        return mixed
      }
      context.multiply(
        mixed?.view ?? reduced.view(rows), .asIs, bView(update), .transposed, into: y.view(rows),
        alpha: update.scale, beta: 1)
      mixed?.recycle()
    }
    return (y, reduced)
  }

  /// x Wᵀ [rows, outputs], without bias and updates.
  package func multiplyWeight(_ x: Matrix, _ context: ComputeContext) -> Matrix {
    let y = context.matrix(x.rows, outputs)
    multiplyWeight(x, into: y, .nothing, context)
    return y
  }

  private func multiplyWeight(
    _ x: Matrix, into y: Matrix, _ start: ProductStart, _ context: ComputeContext
  ) {
    if let packed {
      packed.multiply(x, into: y, start: start, context)
    } else {
      context.multiply(x, weight: weightView, transposed: true, into: y, start: start)
    }
  }

  /// x Aᵀ [rows, rank], which `forward` returns in addition to y; nil without an update.
  package func reduce(
    _ x: Matrix, parts: [Range<Int>]? = nil, _ context: ComputeContext
  ) -> Matrix? {
    guard let rank = updates.first?.rank else { return nil }
    let reduced = context.matrix(x.rows, rank)
    forEachUpdate(rows: x.rows, parts) { update, rows in
      context.multiply(
        x.view(rows), .asIs, aView(update), .transposed, into: reduced.view(rows))
    }
    return reduced
  }

  /// Adds the gradients of the trained parameters, and writes the gradient of the input if needed.
  ///
  /// - Parameters:
  ///   - dy: the gradient of the output, [rows, outputs].
  ///   - x: the input [rows, inputs]; required if `readsInput`.
  ///   - reduced: the second result of `forward`.
  ///   - dx: the destination of the input's gradient, or nil; `accumulating` adds to it.
  ///   - parts: as in `forward`.
  package func backward(
    _ dy: Matrix, input x: Matrix?, reduced: Matrix?, into dx: Matrix?, accumulating: Bool = false,
    parts: [Range<Int>]? = nil, _ context: ComputeContext
  ) {
    if let gradient = weight.gradient, let x {
      context.addTransposedProduct(dy, x, to: gradient)
    }
    if let gradient = bias?.gradient { context.addColumnSums(of: dy, to: gradient) }
    if let dx {
      let start: ProductStart = accumulating ? .result : .nothing
      if let packed {
        packed.multiplyBack(dy, into: dx, start: start, context)
      } else {
        context.multiply(dy, weight: weightView, transposed: false, into: dx, start: start)
      }
    }
    guard let first = updates.first else { return }
    let dReduced =
      dx != nil || first.a.isTrained || first.core != nil
      ? context.matrix(dy.rows, first.rank) : nil
    forEachUpdate(rows: dy.rows, parts) { update, rows in
      if let gradient = update.b.gradient, let reduced {
        context.multiply(
          dy.view(rows), .transposed, reduced.view(rows), .asIs,
          into: MatrixView(gradient, rows: outputs, columns: update.rank), alpha: update.scale,
          beta: 1)
      }
      guard let dReduced else { return }
      context.multiply(
        dy.view(rows), .asIs, bView(update), .asIs, into: dReduced.view(rows), alpha: update.scale)
      if let core = update.core {
        passBack(dReduced.view(rows), through: core, update, reduced: reduced?.view(rows), context)
      }
      if let gradient = update.a.gradient, let x {
        context.multiply(
          dReduced.view(rows), .transposed, x.view(rows), .asIs,
          into: MatrixView(gradient, rows: update.rank, columns: inputs), beta: 1)
      }
      if let dx {
        context.multiply(
          dReduced.view(rows), .asIs, aView(update), .asIs, into: dx.view(rows), beta: 1)
      }
    }
    dReduced?.recycle()
  }

  /// Adds a core's gradient, and replaces the gradient of its output with that of its input.
  private func passBack(
    _ dMixed: MatrixView, through core: Parameter, _ update: LowRankUpdate, reduced: MatrixView?,
    _ context: ComputeContext
  ) {
    if let gradient = core.gradient, let reduced {
      context.multiply(
        dMixed, .transposed, reduced, .asIs,
        into: MatrixView(gradient, rows: update.rank, columns: update.rank), beta: 1)
    }
    let copy = context.matrix(dMixed.rows, update.rank)
    context.copy(dMixed.base, to: copy.base, count: copy.count)
    context.multiply(copy.view, .asIs, coreView(core, update), .asIs, into: dMixed)
    copy.recycle()
  }

  private func forEachUpdate(
    rows: Int, _ parts: [Range<Int>]?, _ body: (LowRankUpdate, Range<Int>) -> Void
  ) {
    guard let parts else { return body(updates[0], 0..<rows) }
    for (update, rows) in zip(updates, parts) { body(update, rows) }
  }

  private var weightView: MatrixView {
    MatrixView(reading: weight.value, rows: outputs, columns: inputs)
  }

  private func aView(_ update: LowRankUpdate) -> MatrixView {
    MatrixView(reading: update.a.value, rows: update.rank, columns: inputs)
  }

  private func coreView(_ core: Parameter, _ update: LowRankUpdate) -> MatrixView {
    MatrixView(reading: core.value, rows: update.rank, columns: update.rank)
  }

  private func bView(_ update: LowRankUpdate) -> MatrixView {
    MatrixView(reading: update.b.value, rows: outputs, columns: update.rank)
  }
}
