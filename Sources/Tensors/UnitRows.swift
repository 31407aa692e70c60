import CKernels

/// The normalised rows of a matrix, with what their backward pass needs.
package struct UnitRows {
  /// [n, width], each row with norm one.
  package let rows: Matrix
  /// Nil if the rows were already normalised.
  private let reciprocalNorms: Matrix?

  /// Wraps rows that are already normalised and propagate no gradient.
  package init(unit rows: Matrix) {
    self.rows = rows
    reciprocalNorms = nil
  }

  /// Normalises the rows of `x`, which is recycled.
  package init(normalizing x: Matrix, _ context: ComputeContext) {
    rows = context.matrix(x.rows, x.columns)
    let norms = context.matrix(x.rows, 1)
    context.countKernel(numbers: 2 * x.count)
    if context.computes {
      flora_normalize_forward(rows.base, norms.base, x.base, x.rows, x.columns)
    }
    reciprocalNorms = norms
    x.recycle()
  }

  private init(rows: Matrix, reciprocalNorms: Matrix?) {
    self.rows = rows
    self.reciprocalNorms = reciprocalNorms
  }

  /// Copies of the selected rows.
  package func gathering(_ indices: [Int32], _ context: ComputeContext) -> UnitRows {
    UnitRows(
      rows: context.gather(rows, indices),
      reciprocalNorms: reciprocalNorms.map { context.gather($0, indices) })
  }

  /// Replaces the gradient of the normalised rows with that of the original ones, in place:
  /// dx = (du - u (u . du)) / |x|.
  package func backward(_ gradient: Matrix, _ context: ComputeContext) {
    guard let reciprocalNorms else { return }
    context.countKernel(numbers: 3 * gradient.count)
    guard context.computes else { return }
    flora_normalize_backward(
      gradient.base, rows.base, reciprocalNorms.base, gradient.rows, gradient.columns)
  }

  /// The original norm of each row.
  package var lengths: [Float] {
    guard let reciprocalNorms else { return .init(repeating: 1, count: rows.rows) }
    return reciprocalNorms.elements.map { 1 / $0 }
  }

  package func recycle() {
    rows.recycle()
    reciprocalNorms?.recycle()
  }
}
