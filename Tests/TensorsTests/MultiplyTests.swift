import TestSupport
import Testing

@testable import Tensors

/// The matrix product compared with a triple loop in double precision.
struct MultiplyTests {
  private typealias Operand = ComputeContext.Operand

  @Test(
    arguments: [(1, 1, 1), (3, 17, 5), (17, 1, 64), (64, 129, 3), (5, 7, 129)],
    [(false, false), (false, true), (true, false), (true, true)])
  func `all transpositions, windows and factors match the triple loop`(
    size: (m: Int, n: Int, k: Int), transposed: (a: Bool, b: Bool)
  ) {
    for (alpha, beta) in [(1, 0), (0.5, 1), (-2, 0.25)] as [(Float, Float)] {
      let context = ComputeContext()
      let a = Framed(
        transposed.a ? size.k : size.m, transposed.a ? size.m : size.k, seed: 1, context)
      let b = Framed(
        transposed.b ? size.n : size.k, transposed.b ? size.k : size.n, seed: 2, context)
      let c = Framed(size.m, size.n, seed: 3, context)
      let before = c.matrix.elements
      context.multiply(
        a.window, transposed.a ? .transposed : .asIs, b.window,
        transposed.b ? .transposed : .asIs, into: c.window, alpha: alpha, beta: beta)

      var expected = before.map(Double.init)
      for i in 0..<size.m {
        for j in 0..<size.n {
          let sum = (0..<size.k).reduce(0.0) { sum, l in
            sum + (transposed.a ? a[l, i] : a[i, l]) * (transposed.b ? b[j, l] : b[l, j])
          }
          let place = c.index(i, j)
          expected[place] = Double(alpha) * sum + Double(beta) * Double(before[place])
        }
      }
      // Everything around the window is compared too, and must be unchanged.
      #expect(relativeError(c.matrix.elements, expected) < 1e-6)
    }
  }

  @Test func `a product with beta 0 does not read the previous contents`() {
    let context = ComputeContext()
    let a = context.matrix(1, 2, copying: [2, 3])
    let c = context.matrix(1, 1, copying: [.nan])
    context.multiply(a.view, .asIs, a.view, .transposed, into: c.view)
    #expect(c.elements == [13])
  }

  @Test func `an empty product is zero`() {
    let context = ComputeContext()
    let c = context.matrix(2, 2, copying: [1, 2, 3, 4])
    context.multiply(
      context.matrix(2, 0).view, .asIs, context.matrix(0, 2).view, .asIs, into: c.view)
    #expect(c.elements == [0, 0, 0, 0])
  }
}

/// A window inside a larger random matrix, with a margin on every side.
private struct Framed {
  let matrix: Matrix
  let window: MatrixView

  init(_ rows: Int, _ columns: Int, seed: UInt64, _ context: ComputeContext) {
    matrix = context.matrix(
      rows + 3, columns + 5, copying: randomNumbers((rows + 3) * (columns + 5), seed: seed))
    window = matrix.view.window(row: 1, column: 2, rows: rows, columns: columns)
  }

  func index(_ row: Int, _ column: Int) -> Int { (row + 1) * matrix.columns + column + 2 }

  subscript(row: Int, column: Int) -> Double { Double(matrix.base[index(row, column)]) }
}
