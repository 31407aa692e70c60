import TestSupport
import Testing

@testable import Tensors

/// Additions of matrices, rows and columns.
struct RowSumTests {
  @Test(arguments: Shape.all)
  func `a matrix is added element by element`(shape: Shape) {
    let context = ComputeContext()
    let (x, y) = (randomNumbers(shape.count, seed: 1), randomNumbers(shape.count, seed: 2))
    let sum = context.matrix(shape.rows, shape.columns, copying: y)
    context.add(context.matrix(shape.rows, shape.columns, copying: x), to: sum)
    #expect(sum.elements == zip(x, y).map { $0 + $1 })
  }

  @Test(arguments: Shape.all)
  func `a bias is added to every row`(shape: Shape) {
    let context = ComputeContext()
    let (x, bias) = (randomNumbers(shape.count, seed: 1), randomNumbers(shape.columns, seed: 2))
    let sum = context.matrix(shape.rows, shape.columns, copying: x)
    context.addRow(bias, to: sum)
    #expect(sum.elements == x.indices.map { x[$0] + bias[$0 % shape.columns] })
  }

  @Test(arguments: Shape.all)
  func `sums over the rows are added to what is there`(shape: Shape) {
    let context = ComputeContext()
    let (x, before) = (randomNumbers(shape.count, seed: 1), randomNumbers(shape.columns, seed: 2))
    var sums = before
    context.addColumnSums(
      of: context.matrix(shape.rows, shape.columns, copying: x), to: &sums)
    let rows = doubleRows(x, columns: shape.columns)
    let expected = before.indices.map { column in
      rows.reduce(Double(before[column])) { $0 + $1[column] }
    }
    #expect(relativeError(sums, expected) < 1e-6)
  }

  @Test func `a vector is scaled down to a limit, never up`() {
    let context = ComputeContext()
    let vector = context.matrix(1, 2, copying: [3, 4])
    context.limitNorm(of: vector, to: 5)
    #expect(vector.elements == [3, 4])
    context.limitNorm(of: vector, to: 2.5)
    #expect(vector.elements == [1.5, 2])
  }
}
