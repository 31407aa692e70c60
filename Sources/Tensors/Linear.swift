/// A linear layer, y = x Wᵀ + b, with an optional update that changes what it computes.
package struct Linear {
  package let inputs: Int
  package let outputs: Int
  /// [outputs, inputs]
  package let weight: Parameter
  /// [outputs]
  package let bias: Parameter?
  package let update: (any LinearUpdate)?
  /// The weight packed for products with few rows, if it is frozen.
  package let packed: PackedWeight?

  package init(
    inputs: Int, outputs: Int, weight: Parameter, bias: Parameter?,
    update: (any LinearUpdate)? = nil, packed: PackedWeight? = nil
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
    self.update = update
    self.packed = packed
  }

  /// Whether any of its parameters needs a gradient.
  package var isTrained: Bool {
    weight.isTrained || bias?.isTrained == true || update?.isTrained == true
  }

  /// Whether its parameters' gradients need its input.
  package var readsInput: Bool { weight.isTrained || update?.readsInput == true }

  /// - Parameters:
  ///   - x: [rows, inputs]
  ///   - residual: a matrix to add to the result, [rows, outputs].
  ///   - parts: the rows of each client; nil for a single client.
  /// - Returns: y [rows, outputs], and what an update saves for the backward pass.
  package func forward(
    _ x: Matrix, adding residual: Matrix? = nil, parts: [Range<Int>]? = nil,
    _ context: ComputeContext
  ) -> (y: Matrix, saved: SavedForUpdate?) {
    guard let update else { return (plain(x, adding: residual, context), nil) }
    return update.forward(self, x, adding: residual, parts: parts, context)
  }

  /// Recomputes what `forward` returns in addition to y; nil without an update.
  package func save(
    _ x: Matrix, parts: [Range<Int>]? = nil, _ context: ComputeContext
  ) -> SavedForUpdate? {
    update?.save(self, x, parts: parts, context)
  }

  /// Adds the gradients of the trained parameters, and writes the gradient of the input if needed.
  ///
  /// - Parameters:
  ///   - dy: the gradient of the output, [rows, outputs].
  ///   - x: the input [rows, inputs]; required if `readsInput`.
  ///   - saved: the second result of `forward`.
  ///   - dx: the destination of the input's gradient, or nil; `accumulating` adds to it.
  ///   - parts: as in `forward`.
  package func backward(
    _ dy: Matrix, input x: Matrix?, saved: SavedForUpdate?, into dx: Matrix?,
    accumulating: Bool = false, parts: [Range<Int>]? = nil, _ context: ComputeContext
  ) {
    guard let update else {
      return plainBackward(dy, input: x, into: dx, accumulating: accumulating, context)
    }
    update.backward(
      self, dy, input: x, saved: saved, into: dx, accumulating: accumulating, parts: parts, context)
  }
}

/// The layer without its update, of which updates are composed.
extension Linear {
  /// residual + x Wᵀ + b [rows, outputs].
  func plain(
    _ x: Matrix, adding residual: Matrix? = nil, _ context: ComputeContext
  ) -> Matrix {
    let y = context.matrix(x.rows, outputs)
    var start = bias.map { ProductStart.row($0.value) } ?? .nothing
    if let residual {
      context.fill(y, residual: residual, row: bias?.value)
      start = .result
    }
    multiplyWeight(x, into: y, start, context)
    return y
  }

  /// x Wᵀ [rows, outputs].
  func multiplyWeight(_ x: Matrix, _ context: ComputeContext) -> Matrix {
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

  /// Adds the gradients of weight and bias, and writes that of the input if it has a destination.
  func plainBackward(
    _ dy: Matrix, input x: Matrix?, into dx: Matrix?, accumulating: Bool, _ context: ComputeContext
  ) {
    if let gradient = weight.gradient, let x {
      context.addTransposedProduct(dy, x, to: gradient)
    }
    if let gradient = bias?.gradient { context.addColumnSums(of: dy, to: gradient) }
    guard let dx else { return }
    let start: ProductStart = accumulating ? .result : .nothing
    if let packed {
      packed.multiplyBack(dy, into: dx, start: start, context)
    } else {
      context.multiply(dy, weight: weightView, transposed: false, into: dx, start: start)
    }
  }

  var weightView: MatrixView {
    MatrixView(reading: weight.value, rows: outputs, columns: inputs)
  }
}
