import TestSupport
import Testing

@testable import Tensors

/// Products with packed weights against the definition in double precision.
struct PackedWeightTests {
  private static let rows = [1, 2, 7, 8, 9, 35, 95, 96, 97, 200]

  @Test(arguments: rows, [Shape(rows: 32, columns: 96), Shape(rows: 128, columns: 64)])
  func `both ways through the layer are the naive products`(rows: Int, shape: Shape) throws {
    let (outputs, inputs) = (shape.rows, shape.columns)
    let context = ComputeContext()
    let numbers = randomNumbers(shape.count, seed: 1)
    let weight = context.matrix(outputs, inputs, copying: numbers)
    let packed = try #require(PackedWeight(weight.base, inputs: inputs, outputs: outputs))
    let w = doubleRows(numbers, columns: inputs)
    for accumulating in [false, true] {
      let x = randomNumbers(rows * inputs, seed: 2)
      let y = context.matrix(rows, outputs, copying: .init(repeating: 1, count: rows * outputs))
      packed.multiply(
        context.matrix(rows, inputs, copying: x), into: y, accumulating: accumulating, context)
      let expected = doubleRows(x, columns: inputs).flatMap { x in
        w.map { w in zip(x, w).reduce(accumulating ? 1 : 0) { $0 + $1.0 * $1.1 } }
      }
      #expect(relativeError(y.elements, expected) < 1e-6)

      let dy = randomNumbers(rows * outputs, seed: 3)
      let dx = context.matrix(rows, inputs, copying: .init(repeating: 1, count: rows * inputs))
      packed.multiplyBack(
        context.matrix(rows, outputs, copying: dy), into: dx, accumulating: accumulating, context)
      let slopes = doubleRows(dy, columns: outputs).flatMap { dy in
        (0..<inputs).map { input in
          w.indices.reduce(accumulating ? 1 : 0) { $0 + dy[$1] * w[$1][input] }
        }
      }
      #expect(relativeError(dx.elements, slopes) < 1e-6)
    }
    #expect(context.matrixProductFLOPs == Int64(4 * 2 * rows * inputs * outputs))
  }

  @Test func `a row's result does not depend on the rows beside it`() throws {
    let context = ComputeContext()
    let weight = context.matrix(64, 64, copying: randomNumbers(64 * 64, seed: 1))
    let packed = try #require(PackedWeight(weight.base, inputs: 64, outputs: 64))
    let x = context.matrix(200, 64, copying: randomNumbers(200 * 64, seed: 2))
    func product(_ rows: Int) -> [Float] {
      let y = context.matrix(rows, 64)
      packed.multiply(
        Matrix(reading: x.base, rows: rows, columns: 64), into: y, accumulating: false, context)
      return y.elements
    }
    let whole = product(200)
    for rows in Self.rows { #expect(product(rows) == Array(whole.prefix(rows * 64))) }
  }

  @Test func `widths that are no multiple of a panel are left to the library`() {
    let context = ComputeContext()
    let weight = context.matrix(48, 32, zeroed: true)
    #expect(PackedWeight(weight.base, inputs: 32, outputs: 48) == nil)
    #expect(PackedWeight(weight.base, inputs: 48, outputs: 32) == nil)
  }
}
