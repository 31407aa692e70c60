/// One client's low-rank change of a linear layer: y += scale B A x (Hu et al., LoRA, arXiv
/// 2106.09685), or y += scale B R A x with a small square core R between fixed factors (LoRA-XS,
/// arXiv 2405.17604).
package struct LowRankUpdate {
  /// A [rank, inputs]
  package let a: Parameter
  /// B [outputs, rank]
  package let b: Parameter
  /// R [rank, rank]; nil stands for the identity. With a core, neither A nor B is trained.
  package let core: Parameter?
  package let rank: Int
  package let scale: Float

  package init(
    a: Parameter, b: Parameter, core: Parameter? = nil, rank: Int, scale: Float
  ) {
    precondition(
      core == nil || !a.isTrained && !b.isTrained, "the factors around a core are fixed")
    self.a = a
    self.b = b
    self.core = core
    self.rank = rank
    self.scale = scale
  }

  package var isTrained: Bool { a.isTrained || b.isTrained || core?.isTrained == true }
}

/// The low-rank changes of one or several clients that share a layer: each has its own factors and
/// its own rows of x.
package struct LowRankUpdates: LinearUpdate {
  /// At least one.
  package let clients: [LowRankUpdate]

  package init(_ clients: [LowRankUpdate]) {
    precondition(!clients.isEmpty, "an update for each client")
    self.clients = clients
  }

  package static var isStackable: Bool { true }

  package static func stacking(_ updates: [any LinearUpdate]) -> any LinearUpdate {
    LowRankUpdates(
      updates.flatMap { update in
        guard let update = update as? LowRankUpdates else {
          preconditionFailure("updates of one kind")
        }
        return update.clients
      })
  }

  package var isTrained: Bool { clients.contains(where: \.isTrained) }

  /// False if only B or a core is trained, whose gradients need the few columns of x Aᵀ instead.
  package var readsInput: Bool { clients.contains { $0.a.isTrained } }

  /// - Returns: y, and x Aᵀ [rows, rank].
  package func forward(
    _ layer: Linear, _ x: Matrix, adding residual: Matrix?, parts: [Range<Int>]?,
    _ context: ComputeContext
  ) -> (y: Matrix, saved: SavedForUpdate) {
    let y = layer.plain(x, adding: residual, context)
    let reduced = addProduct(layer, x, to: y, parts: parts, context)
    return (y, SavedForUpdate(rows: [reduced]))
  }

  /// Adds scale B A x, or scale B R A x, to y [rows, outputs].
  ///
  /// - Returns: x Aᵀ [rows, rank].
  func addProduct(
    _ layer: Linear, _ x: Matrix, to y: Matrix, parts: [Range<Int>]?, _ context: ComputeContext
  ) -> Matrix {
    let reduced = reduce(layer, x, parts: parts, context)
    forEachClient(rows: x.rows, parts) { update, rows in
      let mixed = update.core.map { core in
        let mixed = context.matrix(rows.count, update.rank)
        context.multiply(
          reduced.view(rows), .asIs, update.view(core), .transposed, into: mixed.view)
        return mixed
      }
      context.multiply(
        mixed?.view ?? reduced.view(rows), .asIs, bView(update, layer), .transposed,
        into: y.view(rows), alpha: update.scale, beta: 1)
      mixed?.recycle()
    }
    return reduced
  }

  /// Recomputes x Aᵀ. Matches PyTorch, whose recomputation ends with the last tensor that a backward
  /// pass reads: after the product with W, which the low-rank branch follows.
  package func save(
    _ layer: Linear, _ x: Matrix, parts: [Range<Int>]?, _ context: ComputeContext
  ) -> SavedForUpdate {
    let reduced = reduce(layer, x, parts: parts, context)
    layer.multiplyWeight(x, context).recycle()
    return SavedForUpdate(rows: [reduced])
  }

  /// x Aᵀ [rows, rank].
  private func reduce(
    _ layer: Linear, _ x: Matrix, parts: [Range<Int>]?, _ context: ComputeContext
  ) -> Matrix {
    let reduced = context.matrix(x.rows, clients[0].rank)
    forEachClient(rows: x.rows, parts) { update, rows in
      context.multiply(
        x.view(rows), .asIs, aView(update, layer), .transposed, into: reduced.view(rows))
    }
    return reduced
  }

  package func backward(
    _ layer: Linear, _ dy: Matrix, input x: Matrix?, saved: SavedForUpdate?, into dx: Matrix?,
    accumulating: Bool, parts: [Range<Int>]?, _ context: ComputeContext
  ) {
    layer.plainBackward(dy, input: x, into: dx, accumulating: accumulating, context)
    productBackward(
      layer, dy, input: x, reduced: saved?.rows[0], into: dx, parts: parts, context)
  }

  /// The backward pass of `addProduct`.
  ///
  /// - Parameter dx: where to add the input's gradient, or nil.
  func productBackward(
    _ layer: Linear, _ dy: Matrix, input x: Matrix?, reduced: Matrix?, into dx: Matrix?,
    parts: [Range<Int>]?, _ context: ComputeContext
  ) {
    let first = clients[0]
    let dReduced =
      dx != nil || first.a.isTrained || first.core != nil
      ? context.matrix(dy.rows, first.rank) : nil
    forEachClient(rows: dy.rows, parts) { update, rows in
      if let gradient = update.b.gradient, let reduced {
        context.multiply(
          dy.view(rows), .transposed, reduced.view(rows), .asIs,
          into: MatrixView(gradient, rows: layer.outputs, columns: update.rank),
          alpha: update.scale, beta: 1)
      }
      guard let dReduced else { return }
      context.multiply(
        dy.view(rows), .asIs, bView(update, layer), .asIs, into: dReduced.view(rows),
        alpha: update.scale)
      if let core = update.core {
        update.passBack(dReduced.view(rows), through: core, reduced: reduced?.view(rows), context)
      }
      if let gradient = update.a.gradient, let x {
        context.multiply(
          dReduced.view(rows), .transposed, x.view(rows), .asIs,
          into: MatrixView(gradient, rows: update.rank, columns: layer.inputs), beta: 1)
      }
      if let dx {
        context.multiply(
          dReduced.view(rows), .asIs, aView(update, layer), .asIs, into: dx.view(rows), beta: 1)
      }
    }
    dReduced?.recycle()
  }

  /// W + scale B A, or W + scale B R A, of the first client.
  package func merge(
    into weight: MatrixView, bias: UnsafeMutablePointer<Float>?, _ context: ComputeContext
  ) {
    let update = clients[0]
    let b = MatrixView(reading: update.b.value, rows: weight.rows, columns: update.rank)
    let mixed = update.core.map { core in
      let mixed = context.matrix(weight.rows, update.rank)
      context.multiply(b, .asIs, update.view(core), into: mixed.view)
      return mixed
    }
    defer { mixed?.recycle() }
    context.multiply(
      mixed?.view ?? b, .asIs,
      MatrixView(reading: update.a.value, rows: update.rank, columns: weight.columns), .asIs,
      into: weight, alpha: update.scale, beta: 1)
  }

  private func forEachClient(
    rows: Int, _ parts: [Range<Int>]?, _ body: (LowRankUpdate, Range<Int>) -> Void
  ) {
    guard let parts else { return body(clients[0], 0..<rows) }
    for (update, rows) in zip(clients, parts) { body(update, rows) }
  }

  private func aView(_ update: LowRankUpdate, _ layer: Linear) -> MatrixView {
    MatrixView(reading: update.a.value, rows: update.rank, columns: layer.inputs)
  }

  private func bView(_ update: LowRankUpdate, _ layer: Linear) -> MatrixView {
    MatrixView(reading: update.b.value, rows: layer.outputs, columns: update.rank)
  }
}

extension LowRankUpdate {
  fileprivate func view(_ core: Parameter) -> MatrixView {
    MatrixView(reading: core.value, rows: rank, columns: rank)
  }

  /// Adds a core's gradient, and replaces the gradient of its output with that of its input.
  fileprivate func passBack(
    _ dMixed: MatrixView, through core: Parameter, reduced: MatrixView?, _ context: ComputeContext
  ) {
    if let gradient = core.gradient, let reduced {
      context.multiply(
        dMixed, .transposed, reduced, .asIs,
        into: MatrixView(gradient, rows: rank, columns: rank), beta: 1)
    }
    let copy = context.matrix(dMixed.rows, rank)
    context.copy(dMixed.base, to: copy.base, count: copy.count)
    context.multiply(copy.view, .asIs, view(core), .asIs, into: dMixed)
    copy.recycle()
  }
}
