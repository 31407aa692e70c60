/// A method's change of a linear layer: how it takes part in a forward and a backward pass, and how
/// it merges into the layer's weight. Each kind is one type.
///
/// A layer with an update computes y = f(x; W, b), with f defined by the kind. Every kind is built
/// from the layer's own products, so its cost is traced like that of a plain layer.
package protocol LinearUpdate {
  /// Whether several clients' updates can be applied in one pass, each to its own rows.
  static var isStackable: Bool { get }

  /// The updates of several clients as one.
  ///
  /// - Precondition: the kind is stackable, and all updates are of this kind.
  static func stacking(_ updates: [any LinearUpdate]) -> any LinearUpdate

  /// Whether any of its parameters needs a gradient.
  var isTrained: Bool { get }

  /// Whether the gradients of its parameters need the layer's input.
  var readsInput: Bool { get }

  /// Computes the changed layer.
  ///
  /// - Parameters:
  ///   - x: [rows, inputs]
  ///   - residual: a matrix to add to the result, [rows, outputs].
  ///   - parts: the rows of each client; nil for a single client.
  /// - Returns: y [rows, outputs], and what the backward pass needs in addition to x.
  func forward(
    _ layer: Linear, _ x: Matrix, adding residual: Matrix?, parts: [Range<Int>]?,
    _ context: ComputeContext
  ) -> (y: Matrix, saved: SavedForUpdate)

  /// Recomputes what `forward` returned in addition to y.
  func save(
    _ layer: Linear, _ x: Matrix, parts: [Range<Int>]?, _ context: ComputeContext
  ) -> SavedForUpdate

  /// Adds the gradients of its trained parameters and of the layer's own, and writes the gradient of
  /// the input if needed. The parameters are those of `Linear.backward`.
  func backward(
    _ layer: Linear, _ dy: Matrix, input x: Matrix?, saved: SavedForUpdate?, into dx: Matrix?,
    accumulating: Bool, parts: [Range<Int>]?, _ context: ComputeContext)

  /// Changes the weight [outputs, inputs] and the bias [outputs] so that the plain layer computes
  /// what the layer with this update computes.
  func merge(
    into weight: MatrixView, bias: UnsafeMutablePointer<Float>?, _ context: ComputeContext)
}

extension LinearUpdate {
  package static var isStackable: Bool { false }

  package static func stacking(_ updates: [any LinearUpdate]) -> any LinearUpdate {
    preconditionFailure("updates that can be stacked")
  }
}

/// What the forward pass of a layer with an update saves for its backward pass, in addition to the
/// layer's input.
package struct SavedForUpdate {
  /// Matrices with one row per row of the input.
  package let rows: [Matrix]
  /// Matrices that do not depend on the input.
  package let constants: [Matrix]

  package init(rows: [Matrix] = [], constants: [Matrix] = []) {
    self.rows = rows
    self.constants = constants
  }

  package func recycle() {
    for matrix in rows + constants { matrix.recycle() }
  }

  /// A copy for a selection of the rows.
  package func gathering(_ selection: [Int32], _ context: ComputeContext) -> SavedForUpdate {
    SavedForUpdate(
      rows: rows.map { context.gather($0, selection) },
      constants: constants.map { constant in
        let copy = context.matrix(constant.rows, constant.columns)
        context.copy(constant.base, to: copy.base, count: copy.count)
        return copy
      })
  }
}
