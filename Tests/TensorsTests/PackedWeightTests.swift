import TestSupport
import Testing

@testable import Tensors

/// Products with packed weights compared with the definition in double precision.
struct PackedWeightTests {
  private static let rows = [1, 2, 7, 8, 9, 35, 95, 96, 97, 200]

  @Test func `a weight can be packed for one direction only`() {
    let context = ComputeContext()
    let weight = context.matrix(32, 7, copying: randomNumbers(32 * 7, seed: 1))
    let packed = PackedWeight(weight.base, inputs: 7, outputs: 32, goesBack: false)
    let (y, plain) = (context.matrix(5, 32), context.matrix(5, 32))
    let x = context.matrix(5, 7, copying: randomNumbers(35, seed: 2))
    packed.multiply(x, into: y, start: .nothing, context)
    context.multiply(x.view, .asIs, weight.view, .transposed, into: plain.view)
    #expect(relativeError(y.elements, plain.elements) < 1e-6)
  }

  @Test(arguments: rows, [Shape(rows: 32, columns: 96), Shape(rows: 45, columns: 70)])
  func `forward and backward match the naive products`(rows: Int, shape: Shape) {
    let (outputs, inputs) = (shape.rows, shape.columns)
    let context = ComputeContext()
    let numbers = randomNumbers(shape.count, seed: 1)
    let weight = context.matrix(outputs, inputs, copying: numbers)
    let packed = PackedWeight(weight.base, inputs: inputs, outputs: outputs)
    let w = doubleRows(numbers, columns: inputs)
    for accumulating in [false, true] {
      let x = randomNumbers(rows * inputs, seed: 2)
      let y = context.matrix(rows, outputs, copying: .init(repeating: 1, count: rows * outputs))
      packed.multiply(
        context.matrix(rows, inputs, copying: x), into: y,
        start: accumulating ? .result : .nothing, context)
      let expected = doubleRows(x, columns: inputs).flatMap { x in
        w.map { w in zip(x, w).reduce(accumulating ? 1 : 0) { $0 + $1.0 * $1.1 } }
      }
      #expect(relativeError(y.elements, expected) < 1e-6)

      let dy = randomNumbers(rows * outputs, seed: 3)
      let dx = context.matrix(rows, inputs, copying: .init(repeating: 1, count: rows * inputs))
      packed.multiplyBack(
        context.matrix(rows, outputs, copying: dy), into: dx,
        start: accumulating ? .result : .nothing, context)
      let slopes = doubleRows(dy, columns: outputs).flatMap { dy in
        (0..<inputs).map { input in
          w.indices.reduce(accumulating ? 1 : 0) { $0 + dy[$1] * w[$1][input] }
        }
      }
      #expect(relativeError(dx.elements, slopes) < 1e-6)
    }
    #expect(context.matrixProductFLOPs == Int64(4 * 2 * rows * inputs * outputs))
  }

  @Test func `a row's result does not depend on other rows`() {
    let context = ComputeContext()
    let weight = context.matrix(64, 64, copying: randomNumbers(64 * 64, seed: 1))
    let packed = PackedWeight(weight.base, inputs: 64, outputs: 64)
    let x = context.matrix(200, 64, copying: randomNumbers(200 * 64, seed: 2))
    func product(_ rows: Int) -> [Float] {
      let y = context.matrix(rows, 64)
      packed.multiply(
        Matrix(reading: x.base, rows: rows, columns: 64), into: y, start: .nothing,
        context)
      return y.elements
    }
    let whole = product(200)
    for rows in Self.rows { #expect(product(rows) == Array(whole.prefix(rows * 64))) }
  }

  @Test(arguments: [4, 700], [33, 64])
  func `products with a changing weight match the naive ones, with few rows and with many`(
    rows: Int, terms: Int
  ) {
    let context = ComputeContext()
    let columns = 32
    let (x, w) = (randomNumbers(rows * terms, seed: 1), randomNumbers(columns * terms, seed: 2))
    let bias = context.matrix(1, columns, copying: randomNumbers(columns, seed: 3))
    let a = context.matrix(rows, terms, copying: x)
    let weight = context.matrix(columns, terms, copying: w)
    let across = context.matrix(terms, columns)
    for row in 0..<columns {
      for term in 0..<terms { across.base[term * columns + row] = w[row * terms + term] }
    }
    let rowsOfW = doubleRows(w, columns: terms)
    let product = doubleRows(x, columns: terms).flatMap { x in
      rowsOfW.map { w in zip(x, w).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    for (view, transposed) in [(weight.view, true), (across.view, false)] {
      let c = context.matrix(rows, columns)
      context.multiply(a, weight: view, transposed: transposed, into: c, start: .nothing)
      #expect(relativeError(c.elements, product) < 1e-6)
      context.multiply(a, weight: view, transposed: transposed, into: c, start: .result)
      #expect(relativeError(c.elements, product.map { 2 * $0 }) < 1e-6)
      context.multiply(a, weight: view, transposed: transposed, into: c, start: .row(bias.base))
      #expect(
        relativeError(
          c.elements, product.indices.map { product[$0] + Double(bias.base[$0 % columns]) }) < 1e-6)
    }
  }

  @Test(arguments: [1, 191, 192, 400], [31, 64])
  func `a weight's gradient accumulates all rows`(
    rows: Int, inputs: Int
  ) {
    let context = ComputeContext()
    let outputs = 13
    let (dy, x) = (randomNumbers(rows * outputs, seed: 1), randomNumbers(rows * inputs, seed: 2))
    let gradient = context.matrix(
      outputs, inputs, copying: .init(repeating: 1, count: outputs * inputs))
    context.addTransposedProduct(
      context.matrix(rows, outputs, copying: dy), context.matrix(rows, inputs, copying: x),
      to: gradient.base)
    let (a, b) = (doubleRows(dy, columns: outputs), doubleRows(x, columns: inputs))
    let expected = (0..<outputs).flatMap { output in
      (0..<inputs).map { input in
        (0..<rows).reduce(1) { $0 + a[$1][output] * b[$1][input] }
      }
    }
    #expect(relativeError(gradient.elements, expected) < 2e-6)
  }
}
