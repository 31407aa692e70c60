import TestSupport

@testable import Tensors

/// Random rows with their normalisation and its gradients, computed naively in double precision.
struct LayerNormSample {
  private static let epsilon: Float = 1e-5
  private let shape: Shape
  private let x: [Float]
  private let weight: [Float]
  private let bias: [Float]
  private let dy: [Float]

  init(_ shape: Shape) {
    self.shape = shape
    x = randomNumbers(shape.count, seed: 1).map { 3 * $0 + 2 }
    weight = randomNumbers(shape.columns, seed: 2)
    bias = randomNumbers(shape.columns, seed: 3)
    dy = randomNumbers(shape.count, seed: 4)
  }

  var means: [Double] { rows(x).map { $0.reduce(0, +) / Double(shape.columns) } }

  var reciprocalDeviations: [Double] {
    zip(rows(x), means).map { row, mean in
      let variance =
        row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shape.columns)
      return 1 / (variance + Double(Self.epsilon)).squareRoot()
    }
  }

  var expected: [Double] {
    normalized.flatMap { row in
      row.indices.map { row[$0] * Double(weight[$0]) + Double(bias[$0]) }
    }
  }

  /// With the full Jacobian: dyⱼ/dxᵢ = wⱼ r (δᵢⱼ - 1/n - x̂ᵢ x̂ⱼ / n).
  var inputGradient: [Double] {
    let n = Double(shape.columns)
    let weight = weight.map(Double.init)
    return zip(zip(rows(dy), normalized), reciprocalDeviations).flatMap { rows, reciprocal in
      let (dy, x) = rows
      return dy.indices.map { i in
        dy.indices.reduce(0.0) { sum, j in
          sum + dy[j] * weight[j] * reciprocal * ((i == j ? 1 : 0) - 1 / n - x[i] * x[j] / n)
        }
      }
    }
  }

  var weightGradient: [Double] {
    (0..<shape.columns).map { column in
      zip(rows(dy), normalized).reduce(0) { $0 + $1.0[column] * $1.1[column] }
    }
  }

  var biasGradient: [Double] {
    (0..<shape.columns).map { column in rows(dy).reduce(0) { $0 + $1[column] } }
  }

  /// The magnitude of the cancelling terms in the input's gradient; with one column only these remain.
  var largestTerm: Double {
    zip(rows(dy), reciprocalDeviations).flatMap { row, reciprocal in
      row.indices.map { abs(row[$0] * Double(weight[$0]) * reciprocal) }
    }.max()!
  }

  func forward() -> (y: [Float], statistics: [Float]) {
    let context = ComputeContext()
    let (y, statistics) = run(context) { $0.forward($1, context) }
    return (y.elements, statistics.elements)
  }

  /// The given gradients after accumulation by the backward pass.
  func backward(
    dx: [Float]? = nil, accumulating: Bool = false, dWeight: [Float]? = nil, dBias: [Float]? = nil
  ) -> (dx: [Float]?, dWeight: [Float]?, dBias: [Float]?) {
    let context = ComputeContext()
    let dxMatrix = dx.map { context.matrix(shape.rows, shape.columns, copying: $0) }
    let dWeightMatrix = dWeight.map { context.matrix(1, shape.columns, copying: $0) }
    let dBiasMatrix = dBias.map { context.matrix(1, shape.columns, copying: $0) }
    run(context, dWeight: dWeightMatrix, dBias: dBiasMatrix) { norm, x in
      let (_, statistics) = norm.forward(x, context)
      norm.backward(
        context.matrix(shape.rows, shape.columns, copying: dy), input: x, statistics,
        into: dxMatrix, accumulating: accumulating, context)
    }
    return (dxMatrix?.elements, dWeightMatrix?.elements, dBiasMatrix?.elements)
  }

  private func run<Result>(
    _ context: ComputeContext, dWeight: Matrix? = nil, dBias: Matrix? = nil,
    _ body: (LayerNorm, Matrix) -> Result
  ) -> Result {
    weight.withUnsafeBufferPointer { weight in
      bias.withUnsafeBufferPointer { bias in
        body(
          LayerNorm(
            weight: Parameter(value: weight.baseAddress!, gradient: dWeight?.base),
            bias: Parameter(value: bias.baseAddress!, gradient: dBias?.base),
            epsilon: Self.epsilon),
          context.matrix(shape.rows, shape.columns, copying: x))
      }
    }
  }

  private var normalized: [[Double]] {
    zip(rows(x), zip(means, reciprocalDeviations)).map { row, statistics in
      row.map { ($0 - statistics.0) * statistics.1 }
    }
  }

  private func rows(_ numbers: [Float]) -> [[Double]] {
    doubleRows(numbers, columns: shape.columns)
  }
}
