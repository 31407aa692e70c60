import CKernels

/// The rows of a matrix at unit length, with what their backward pass needs.
package struct UnitRows {
  /// [n, width], each row of length one.
  package let rows: Matrix
  /// Nil where the rows came at unit length.
  private let reciprocalNorms: Matrix?

  /// Rows that have unit length already and pass no gradient on.
  package init(unit rows: Matrix) {
    self.rows = rows
    reciprocalNorms = nil
  }

  /// The rows of `x`, which is recycled, divided by their lengths.
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

  /// Copies of some of the rows.
  package func gathering(_ indices: [Int32], _ context: ComputeContext) -> UnitRows {
    UnitRows(
      rows: context.gather(rows, indices),
      reciprocalNorms: reciprocalNorms.map { context.gather($0, indices) })
  }

  /// Turns the gradient of the unit rows into that of the rows they came from, in place:
  /// dx = (du - u (u . du)) / |x|.
  package func backward(_ gradient: Matrix, _ context: ComputeContext) {
    guard let reciprocalNorms else { return }
    context.countKernel(numbers: 3 * gradient.count)
    guard context.computes else { return }
    flora_normalize_backward(
      gradient.base, rows.base, reciprocalNorms.base, gradient.rows, gradient.columns)
  }

  /// How long each row was before.
  package var lengths: [Float] {
    guard let reciprocalNorms else { return .init(repeating: 1, count: rows.rows) }
    return reciprocalNorms.elements.map { 1 / $0 }
  }

  package func recycle() {
    rows.recycle()
    reciprocalNorms?.recycle()
  }
}
