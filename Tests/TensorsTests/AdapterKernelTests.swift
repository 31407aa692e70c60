import Foundation
import TestSupport
import Testing

@testable import Tensors

/// The elementwise parts of adapters compared with their formulas in double precision.
struct AdapterKernelTests {
  private let context = ComputeContext()

  @Test(arguments: [1, 15, 16, 37])
  func `values and gradients match the formulas`(columns: Int) {
    let x = randomNumbers(3 * columns, seed: 1, scale: 2)
    let scores = randomNumbers(3 * columns, seed: 2, scale: 2)
    let dy = randomNumbers(3 * columns, seed: 3)

    let tanhs = matrix(x)
    context.tanh(tanhs)
    #expect(relativeError(tanhs.elements, x.map { tanh(Double($0)) }) < 1e-6)
    let dTanh = matrix(dy)
    context.tanhBackward(dTanh, output: tanhs)
    let slopes = zip(x, dy).map { Double($1) * (1 - pow(tanh(Double($0)), 2)) }
    #expect(relativeError(dTanh.elements, slopes, scale: 1) < 1e-5)

    let rectified = matrix(x)
    context.rectify(rectified)
    #expect(rectified.elements == x.map { max($0, 0) })
    let dRectified = matrix(dy)
    context.rectifyBackward(dRectified, output: rectified, scale: 0.5)
    #expect(dRectified.elements == zip(x, dy).map { $0 > 0 ? 0.5 * $1 : 0 })

    let mixed = context.mix(matrix(scores), matrix(x), ratio: 0.25)
    #expect(
      relativeError(mixed.elements, zip(scores, x).map { 0.25 * Double($0) + 0.75 * Double($1) })
        < 1e-6)

    let gate = matrix(scores)
    let y = context.gate(matrix(x), by: gate)
    let dGate = matrix(dy)
    context.gateBackward(dGate, gate: gate, input: matrix(x))
    for row in 0..<3 {
      let range = row * columns..<(row + 1) * columns
      let exponentials = scores[range].map { exp(Double($0)) }
      let p = exponentials.map { $0 / exponentials.reduce(0, +) }
      let expected = zip(p, x[range]).map { $0 * Double($1) }
      #expect(relativeError(y.elements[range], expected, scale: 1) < 1e-6)
      let upstream = zip(dy[range], x[range]).map { Double($0) * Double($1) }
      let mean = zip(p, upstream).reduce(0) { $0 + $1.0 * $1.1 }
      let slopes = zip(p, upstream).map { $0 * ($1 - mean) }
      #expect(relativeError(dGate.elements[range], slopes, scale: 1) < 1e-6)
    }
  }

  @Test func `large numbers do not overflow`() {
    let large = matrix([300, -300, 90], rows: 1)
    context.tanh(large)
    #expect(large.elements == [1, -1, 1])
    let gate = matrix([300, -300, 0], rows: 1)
    #expect(context.gate(matrix([2, 3, 4], rows: 1), by: gate).elements == [2, 0, 0])
  }

  private func matrix(_ elements: [Float], rows: Int = 3) -> Matrix {
    context.matrix(rows, elements.count / rows, copying: elements)
  }
}
