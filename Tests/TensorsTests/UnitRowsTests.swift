import TestSupport
import Testing

@testable import Tensors

/// Row normalization and its gradient compared with the definition in double precision.
struct UnitRowsTests {
  @Test(arguments: Shape.all)
  func `rows are divided by their length`(shape: Shape) {
    let x = randomNumbers(shape.count, seed: 1, scale: 5)
    let context = ComputeContext()
    let unit = UnitRows(
      normalizing: context.matrix(shape.rows, shape.columns, copying: x), context)
    let expected = doubleRows(x, columns: shape.columns).flatMap { row in
      row.map { $0 / length(row) }
    }
    #expect(relativeError(unit.rows.elements, expected) < 1e-6)
  }

  @Test(arguments: Shape.all)
  func `the gradient matches the full Jacobian`(shape: Shape) {
    let x = randomNumbers(shape.count, seed: 1, scale: 5)
    let du = randomNumbers(shape.count, seed: 2)
    let context = ComputeContext()
    let unit = UnitRows(
      normalizing: context.matrix(shape.rows, shape.columns, copying: x), context)
    let gradient = context.matrix(shape.rows, shape.columns, copying: du)
    unit.backward(gradient, context)
    // dxᵢ = sum over j of duⱼ (δᵢⱼ - uᵢ uⱼ) / |x|
    let rows = zip(doubleRows(x, columns: shape.columns), doubleRows(du, columns: shape.columns))
    let expected = rows.flatMap { x, du -> [Double] in
      let norm = length(x)
      return x.indices.map { i in
        x.indices.reduce(0.0) { sum, j in
          sum + du[j] * ((i == j ? 1 : 0) - x[i] * x[j] / (norm * norm)) / norm
        }
      }
    }
    let scale = rows.map { x, du in du.map(abs).max()! / length(x) }.max()!
    #expect(relativeError(gradient.elements, expected, scale: scale) < 1e-6)
  }

  @Test func `rows of unit length pass their gradient on unchanged`() {
    let context = ComputeContext()
    let unit = UnitRows(unit: context.matrix(1, 2, copying: [0.6, 0.8]))
    let gradient = context.matrix(1, 2, copying: [3, -4])
    unit.backward(gradient, context)
    #expect(gradient.elements == [3, -4])
  }

  private func length(_ row: [Double]) -> Double {
    row.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
