import TestSupport
import Testing

@testable import Tensors

/// A random linear layer with a low-rank update, its input and the gradient of its output.
struct LinearSample: CustomTestStringConvertible {
  let rows: Int
  let inputs: Int
  let outputs: Int
  let rank: Int
  private let scale: Float = 4

  static let sizes = [
    LinearSample(rows: 1, inputs: 1, outputs: 1, rank: 1),
    LinearSample(rows: 5, inputs: 17, outputs: 3, rank: 2),
    LinearSample(rows: 7, inputs: 64, outputs: 129, rank: 3),
  ]

  var testDescription: String { "\(rows) x \(inputs) to \(outputs), rank \(rank)" }

  /// The layer's output, and all gradients after the backward pass.
  ///
  /// Every gradient is one beforehand; those that are not `wanted` are not passed to the layer.
  func run(
    wanted: Set<String> = ["x", "weight", "bias", "a", "b"], accumulating: Bool = false,
    precision: Precision = .float32
  ) -> (y: [Float], gradients: [String: [Float]]) {
    let context = ComputeContext()
    context.precision = precision
    var values: [String: Matrix] = [:]
    var gradients: [String: Matrix] = [:]
    for (name, numbers) in numbers {
      values[name] = context.matrix(1, numbers.count, copying: numbers)
      gradients[name] = context.matrix(
        name == "x" ? rows : 1, name == "x" ? inputs : numbers.count,
        copying: .init(repeating: 1, count: numbers.count))
    }
    func parameter(_ name: String) -> Parameter {
      Parameter(
        value: values[name]!.base, gradient: wanted.contains(name) ? gradients[name]!.base : nil)
    }
    let layer = Linear(
      inputs: inputs, outputs: outputs, weight: parameter("weight"), bias: parameter("bias"),
      update: LowRankUpdates([
        LowRankUpdate(a: parameter("a"), b: parameter("b"), rank: rank, scale: scale)
      ]))
    let x = context.matrix(rows, inputs, copying: numbers["x"]!)
    let (y, saved) = layer.forward(x, context)
    layer.backward(
      context.matrix(rows, outputs, copying: dy), input: x, saved: saved,
      into: wanted.contains("x") ? gradients["x"] : nil, accumulating: accumulating, context)
    return withExtendedLifetime(values) { (y.elements, gradients.mapValues(\.elements)) }
  }

  /// Through the dense weight V = W + scale B A: y = x Vᵀ + bias, dx = dy V, dV = dyᵀ x,
  /// dB = scale dV Aᵀ, dA = scale Bᵀ dV.
  var naive: (y: [Double], gradients: [String: [Double]]) {
    let n = numbers.mapValues { $0.map(Double.init) }
    let (x, a, b) = (n["x"]!, n["a"]!, n["b"]!)
    let dy = dy.map(Double.init)
    let s = Double(scale)
    let update = product(b, a, outputs, inputs, rank)
    let dense = zip(n["weight"]!, update).map { $0 + s * $1 }
    let y = product(x, transpose(dense, outputs, inputs), rows, outputs, inputs)
    let dDense = product(transpose(dy, rows, outputs), x, outputs, inputs, rows)
    return (
      y.indices.map { y[$0] + n["bias"]![$0 % outputs] },
      [
        "x": product(dy, dense, rows, inputs, outputs),
        "weight": dDense,
        "bias": (0..<outputs).map { o in (0..<rows).reduce(0) { $0 + dy[$1 * outputs + o] } },
        "a": product(transpose(b, outputs, rank), dDense, rank, inputs, outputs).map { s * $0 },
        "b": product(dDense, transpose(a, rank, inputs), outputs, rank, inputs).map { s * $0 },
      ]
    )
  }

  private var numbers: [String: [Float]] {
    [
      "x": randomNumbers(rows * inputs, seed: 1),
      "weight": randomNumbers(outputs * inputs, seed: 2),
      "bias": randomNumbers(outputs, seed: 3),
      "a": randomNumbers(rank * inputs, seed: 4),
      "b": randomNumbers(outputs * rank, seed: 5),
    ]
  }

  private var dy: [Float] { randomNumbers(rows * outputs, seed: 6) }

  /// [m, k] times [k, n]
  private func product(_ a: [Double], _ b: [Double], _ m: Int, _ n: Int, _ k: Int) -> [Double] {
    (0..<(m * n)).map { index in
      (0..<k).reduce(0) { $0 + a[index / n * k + $1] * b[$1 * n + index % n] }
    }
  }

  private func transpose(_ a: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    (0..<a.count).map { a[$0 % rows * columns + $0 / rows] }
  }
}
