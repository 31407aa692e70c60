import CKernels
import Foundation
import TestSupport
import Testing

/// The softmax kernels against the definition in double precision.
struct SoftmaxTests {
  @Test(arguments: Shape.all, [1, 40, 1e5] as [Float])
  func `rows are exponentials over their sum, however large the scores`(
    shape: Shape, scale: Float
  ) {
    let scores = randomNumbers(shape.count, seed: 1, scale: scale)
    var p = scores
    flora_softmax_forward(&p, shape.rows, shape.columns, false)
    let expected = doubleRows(scores, columns: shape.columns).flatMap { softmax($0[...]) }
    #expect(relativeError(p, expected) < 1e-6)
  }

  @Test(arguments: [1, 3, 17, 64, 129])
  func `a causal row sees the columns up to its own`(size: Int) {
    let scores = randomNumbers(size * size, seed: 2, scale: 4)
    var p = scores
    flora_softmax_forward(&p, size, size, true)
    let expected = doubleRows(scores, columns: size).enumerated().flatMap { row, scores in
      softmax(scores[...row]) + .init(repeating: 0, count: size - 1 - row)
    }
    #expect(relativeError(p, expected) < 1e-6)
    for row in 0..<size {
      #expect(p[(row * size + row + 1)..<((row + 1) * size)].allSatisfy { $0 == 0 })
    }
  }

  @Test func `what a causal row does not see may be anything`() {
    var p: [Float] = [0, .nan, .infinity, 1, 1, -.infinity, 0, 0, 0]
    flora_softmax_forward(&p, 3, 3, true)
    #expect(relativeError(p, [1, 0, 0, 0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3]) < 1e-6)
  }

  @Test(arguments: Shape.all)
  func `the gradient is that of the whole Jacobian`(shape: Shape) {
    var p = randomNumbers(shape.count, seed: 3)
    flora_softmax_forward(&p, shape.rows, shape.columns, false)
    let dp = randomNumbers(shape.count, seed: 4)
    var gradient = dp
    flora_softmax_backward(&gradient, p, shape.rows, shape.columns)
    let rows = zip(doubleRows(p, columns: shape.columns), doubleRows(dp, columns: shape.columns))
    let expected = rows.flatMap { p, dp in
      p.indices.map { i in
        p.indices.reduce(0.0) { $0 + dp[$1] * p[$1] * ((i == $1 ? 1 : 0) - p[i]) }
      }
    }
    let scale = zip(p, dp).map { Double(abs($0 * $1)) }.max()!
    #expect(relativeError(gradient, expected, scale: scale) < 1e-6)
  }

  private func softmax(_ scores: ArraySlice<Double>) -> [Double] {
    let largest = scores.max()!
    let exponentials = scores.map { exp($0 - largest) }
    return exponentials.map { $0 / exponentials.reduce(0, +) }
  }
}
