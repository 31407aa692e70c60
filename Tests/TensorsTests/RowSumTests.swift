import TestSupport
import Testing

@testable import Tensors

/// Additions of matrices, rows and columns.
struct RowSumTests {
  @Test(arguments: Shape.all)
  func `a matrix is filled with a residual and a bias, either, or neither`(shape: Shape) {
    let context = ComputeContext()
    let (x, bias) = (randomNumbers(shape.count, seed: 1), randomNumbers(shape.columns, seed: 2))
    let residual = context.matrix(shape.rows, shape.columns, copying: x)
    let y = context.matrix(shape.rows, shape.columns)
    context.fill(y, residual: residual, row: bias)
    #expect(y.elements == x.indices.map { x[$0] + bias[$0 % shape.columns] })
    context.fill(y, residual: residual, row: nil)
    #expect(y.elements == x)
    context.fill(y, residual: nil, row: bias)
    #expect(y.elements == x.indices.map { bias[$0 % shape.columns] })
    context.fill(y, residual: nil, row: nil)
    #expect(y.elements == x.indices.map { bias[$0 % shape.columns] })
  }

  @Test(arguments: Shape.all)
  func `rows are gathered, with repeats, and scattered back`(shape: Shape) {
    let context = ComputeContext()
    let x = randomNumbers(shape.count, seed: 1)
    let rows = [shape.rows - 1, 0, shape.rows - 1].map { Int32($0) }
    let gathered = context.gather(
      context.matrix(shape.rows, shape.columns, copying: x), rows)
    let expected = rows.flatMap { row in
      (0..<shape.columns).map { x[Int(row) * shape.columns + $0] }
    }
    #expect(gathered.elements == expected)
    let sum = context.matrix(shape.rows, shape.columns, zeroed: true)
    context.scatterAdd(gathered, to: sum, rows)
    let times = (0..<shape.rows).map { row in Float(rows.count { Int($0) == row }) }
    #expect(sum.elements == x.indices.map { times[$0 / shape.columns] * x[$0] })
  }

  @Test(arguments: Shape.all)
  func `sums over the rows are accumulated`(shape: Shape) {
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

  @Test func `a vector is scaled down to a limit, but never up`() {
    let context = ComputeContext()
    let vector = context.matrix(1, 2, copying: [3, 4])
    context.limitNorm(of: vector, to: 5)
    #expect(vector.elements == [3, 4])
    context.limitNorm(of: vector, to: 2.5)
    #expect(vector.elements == [1.5, 2])
  }
}
