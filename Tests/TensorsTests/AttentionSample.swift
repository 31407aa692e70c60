import Foundation
import TestSupport

@testable import Tensors

/// Random queries, keys and values of two heads, and naive attention over them.
struct AttentionSample {
  let attention: Attention
  let rows: TokenRows
  let queries: TokenRows.Queries
  /// The rows that each query row attends to.
  private let seen: [[Int]]
  private let width: Int
  private let headWidth: Int
  private let q: [Double]
  private let k: [Double]
  private let v: [Double]

  private static let heads = 2

  init(_ sight: AttentionSight, _ queries: TokenRows.Queries, headWidth: Int, scale: Float = 2) {
    rows = sight.rows
    seen = queries == .all ? sight.seen : sight.rows.pooled.map { sight.seen[Int($0)] }
    self.queries = queries
    self.headWidth = headWidth
    width = Self.heads * headWidth
    attention = Attention(heads: Self.heads, width: width)
    q = randomNumbers(seen.count * width, seed: 1, scale: scale).map(Double.init)
    k = randomNumbers(rows.count * width, seed: 2, scale: 2).map(Double.init)
    v = randomNumbers(rows.count * width, seed: 3, scale: 2).map(Double.init)
  }

  func inputs(_ context: ComputeContext) -> (q: Matrix, k: Matrix, v: Matrix) {
    func matrix(_ numbers: [Double]) -> Matrix {
      context.matrix(numbers.count / width, width, copying: numbers.map { Float($0) })
    }
    return (matrix(q), matrix(k), matrix(v))
  }

  /// The attention output of the query rows.
  func naive() -> [Double] { naive(q, k, v) }

  /// Central differences of the weighted sum of the outputs.
  func slopes(weights: [Float]) -> (q: [Double], k: [Double], v: [Double], scale: Double) {
    func slope(_ numbers: [Double], _ evaluate: ([Double]) -> [Double]) -> [Double] {
      numbers.indices.map { index in
        func sum(_ step: Double) -> Double {
          var moved = numbers
          moved[index] += step
          return zip(evaluate(moved), weights).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        return (sum(1e-5) - sum(-1e-5)) / 2e-5
      }
    }
    let dq = slope(q) { naive($0, k, v) }
    let dk = slope(k) { naive(q, $0, v) }
    let dv = slope(v) { naive(q, k, $0) }
    let scale = (dq + dk + dv).map(abs).max()!
    return (dq, dk, dv, scale)
  }

  private func naive(_ q: [Double], _ k: [Double], _ v: [Double]) -> [Double] {
    var mixed = [Double](repeating: 0, count: q.count)
    for (row, seen) in seen.enumerated() {
      for head in 0..<Self.heads {
        let columns = (head * headWidth)..<((head + 1) * headWidth)
        let scores = seen.map { other in
          columns.reduce(0) { $0 + q[row * width + $1] * k[other * width + $1] }
            / Double(headWidth).squareRoot()
        }
        let largest = scores.max()!
        let exponentials = scores.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        for (other, exponential) in zip(seen, exponentials) {
          for column in columns {
            mixed[row * width + column] += exponential / sum * v[other * width + column]
          }
        }
      }
    }
    return mixed
  }
}
