import Foundation
import TestSupport

@testable import Tensors

/// Random queries, keys and values of two heads, and naive attention over them.
struct AttentionSample {
  let attention: Attention
  private let sequences: RaggedRows
  private let q: [Double]
  private let k: [Double]
  private let v: [Double]

  private static let width = 6
  private static let headWidth = 3

  init(_ sequences: RaggedRows, causal: Bool) {
    self.sequences = sequences
    attention = Attention(heads: Self.width / Self.headWidth, width: Self.width, causal: causal)
    let count = sequences.rowCount * Self.width
    q = randomNumbers(count, seed: 1, scale: 2).map(Double.init)
    k = randomNumbers(count, seed: 2, scale: 2).map(Double.init)
    v = randomNumbers(count, seed: 3, scale: 2).map(Double.init)
  }

  func inputs(_ context: ComputeContext) -> (q: Matrix, k: Matrix, v: Matrix) {
    func matrix(_ numbers: [Double]) -> Matrix {
      context.matrix(sequences.rowCount, Self.width, copying: numbers.map { Float($0) })
    }
    return (matrix(q), matrix(k), matrix(v))
  }

  /// The mixed values, and the probabilities of each sequence and head as `Attention` orders them.
  func naive() -> (mixed: [Double], probabilities: [Double]) { naive(q, k, v) }

  /// Central differences of the sum of the mixed values, each times its weight.
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
    let dq = slope(q) { naive($0, k, v).mixed }
    let dk = slope(k) { naive(q, $0, v).mixed }
    let dv = slope(v) { naive(q, k, $0).mixed }
    return (dq, dk, dv, (dq + dk + dv).map(abs).max()!)
  }

  private func naive(_ q: [Double], _ k: [Double], _ v: [Double]) -> (
    mixed: [Double], probabilities: [Double]
  ) {
    var mixed = [Double](repeating: 0, count: q.count)
    var probabilities: [Double] = []
    for (start, length) in zip(sequences.starts, sequences.lengths) {
      for head in 0..<(Self.width / Self.headWidth) {
        let columns = (head * Self.headWidth)..<((head + 1) * Self.headWidth)
        for row in 0..<length {
          let seen = attention.causal ? row + 1 : length
          let exponentials = (0..<length).map { other in
            let score = columns.reduce(0) {
              $0 + q[(start + row) * Self.width + $1] * k[(start + other) * Self.width + $1]
            }
            return other < seen ? exp(score / Double(Self.headWidth).squareRoot()) : 0
          }
          let sum = exponentials.reduce(0, +)
          for other in 0..<length {
            probabilities.append(exponentials[other] / sum)
            for column in columns {
              mixed[(start + row) * Self.width + column] +=
                exponentials[other] / sum * v[(start + other) * Self.width + column]
            }
          }
        }
      }
    }
    return (mixed, probabilities)
  }
}
