import Foundation
import TestSupport
import Testing

@testable import Tensors

/// The activations compared with their formulas in double precision.
struct ActivationTests {
  @Test(arguments: [Activation.quickGELU, .gelu], [1, 3, 17, 64, 129])
  func `values and gradients match the formula`(activation: Activation, count: Int) {
    let x = randomNumbers(count, seed: 1, scale: 3)
    let dy = randomNumbers(count, seed: 2)
    let (y, dx) = run(activation, x, dy)
    #expect(relativeError(y, x.map { activation.value(Double($0)) }) < 1e-6)
    #expect(
      relativeError(dx, zip(x, dy).map { activation.slope(Double($0)) * Double($1) }) < 1e-6)
  }

  @Test(arguments: [Activation.quickGELU, .gelu])
  func `far from zero an activation is the identity or zero`(activation: Activation) {
    let x: [Float] = [-1e30, -1000, -60, 0, 60, 1000, 1e30]
    let (y, dx) = run(activation, x, .init(repeating: 1, count: x.count))
    for (x, (y, dx)) in zip(x, zip(y, dx)) where x != 0 {
      #expect(abs(y - max(0, x)) <= 1e-6 * abs(x))
      #expect(abs(dx - (x > 0 ? 1 : 0)) < 1e-6)
    }
    #expect(y[3] == 0 && dx[3] == 0.5)
  }

  @Test func `exact GELU is as close to its formula as documented`() {
    let x = (0...280_000).map { Float($0 - 140_000) / 10_000 }
    let (y, dx) = run(.gelu, x, .init(repeating: 1, count: x.count))
    var worst = (value: 0.0, slope: 0.0)
    for (x, (y, dx)) in zip(x, zip(y, dx)) {
      let (x, exact) = (Double(x), Activation.gelu.value(Double(x)))
      let slope = 0.5 * erfc(-x / 2.0.squareRoot()) + x * exp(-x * x / 2) / (2 * .pi).squareRoot()
      worst.value = max(worst.value, abs(Double(y) - exact) / max(1, abs(exact)))
      worst.slope = max(worst.slope, abs(Double(dx) - slope))
    }
    #expect(worst.value < 2e-7 && worst.slope < 4e-7, "\(worst)")
  }

  @Test(arguments: [Activation.quickGELU, .gelu])
  func `NaN gives NaN`(activation: Activation) {
    let (y, dx) = run(activation, [1, .nan, 2], [1, 1, .nan])
    #expect(y.map(\.isNaN) == [false, true, false])
    #expect(dx.map(\.isNaN) == [false, true, true])
  }

  private func run(_ activation: Activation, _ x: [Float], _ dy: [Float]) -> (
    y: [Float], dx: [Float]
  ) {
    let context = ComputeContext()
    let input = context.matrix(1, x.count, copying: x)
    let gradient = context.matrix(1, x.count, copying: dy)
    let y = activation.forward(input, context)
    activation.backward(gradient, input: input, context)
    return (y.elements, gradient.elements)
  }
}

extension Activation {
  fileprivate func value(_ x: Double) -> Double {
    switch self {
    case .quickGELU: x / (1 + exp(-1.702 * x))
    case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
    }
  }

  /// The derivative, as a central difference of the formula.
  fileprivate func slope(_ x: Double) -> Double {
    let step = 1e-5
    return (value(x + step) - value(x - step)) / (2 * step)
  }
}
