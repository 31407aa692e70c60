import Foundation
import TestSupport
import Testing

@testable import Tensors

/// The optimizers compared with their published update rules in double precision.
struct OptimizerTests {
  @Test(arguments: Optimizer.Kind.allCases, [1, 3, 17, 64, 129])
  func `three steps match the published rule`(kind: Optimizer.Kind, count: Int) {
    // Also gradients as small as epsilon, without a decay that would hide them.
    for (scale, weightDecay) in [(1, 0.2), (1e-6, 0)] as [(Float, Double)] {
      let optimizer = Optimizer(kind: kind, learningRate: 0.01, weightDecay: weightDecay)
      let context = ComputeContext()
      let start = randomNumbers(count, seed: 1)
      let parameters = context.matrix(1, count, copying: start)
      var state = Optimizer.State(for: optimizer, parameters: count, context)
      var twin = NaiveOptimizer(optimizer, start)
      for step in 0..<3 {
        let gradient = randomNumbers(count, seed: UInt64(10 + step), scale: scale)
        optimizer.step(
          parameters, gradient: context.matrix(1, count, copying: gradient), &state, context)
        twin.step(gradient)
      }
      #expect(relativeError(parameters.elements, twin.parameters) < 1e-6)
    }
  }

  @Test(arguments: Optimizer.Kind.allCases)
  func `a schedule's rate and each range's decay override the optimizer's own`(
    kind: Optimizer.Kind
  ) {
    let context = ComputeContext()
    let start = randomNumbers(20, seed: 1)
    let gradient = context.matrix(1, 20, copying: randomNumbers(20, seed: 2))
    let optimizer = Optimizer(kind: kind, learningRate: 5, weightDecay: 7)
    let parameters = context.matrix(1, 20, copying: start)
    var state = Optimizer.State(for: optimizer, parameters: 20, context)
    for _ in 0..<2 {
      optimizer.step(
        parameters, gradient: gradient, &state, learningRate: 0.01,
        decay: [(0..<7, 0.3), (7..<20, 0)], context)
    }
    let expected = [(0..<7, 0.3), (7..<20, 0)].flatMap { range, decay in
      var twin = NaiveOptimizer(
        Optimizer(kind: kind, learningRate: 0.01, weightDecay: decay), Array(start[range]))
      for _ in 0..<2 { twin.step(Array(gradient.elements[range])) }
      return twin.parameters
    }
    #expect(relativeError(parameters.elements, expected) < 1e-6)
  }

  @Test(arguments: Optimizer.Kind.allCases)
  func `restored optimizer state continues where it was saved`(kind: Optimizer.Kind) {
    let optimizer = Optimizer(kind: kind, learningRate: 0.01)
    let context = ComputeContext()
    let gradients = (0..<4).map { context.matrix(1, 5, copying: randomNumbers(5, seed: $0)) }
    func parameters(restartingAt pause: Int?) -> [Float] {
      let parameters = context.matrix(1, 5, copying: randomNumbers(5, seed: 9))
      var state = Optimizer.State(for: optimizer, parameters: 5, context)
      for (index, gradient) in gradients.enumerated() {
        if index == pause {
          state = Optimizer.State(
            for: optimizer, parameters: 5, restoring: state.memory, context)
        }
        optimizer.step(parameters, gradient: gradient, &state, context)
      }
      return parameters.elements
    }
    #expect(parameters(restartingAt: 2) == parameters(restartingAt: nil))
  }
}

/// One number at a time, as in the papers.
private struct NaiveOptimizer {
  let optimizer: Optimizer
  var parameters: [Double]
  private var first: [Double]
  private var second: [Double]
  private var steps = 0.0

  init(_ optimizer: Optimizer, _ start: [Float]) {
    self.optimizer = optimizer
    parameters = start.map(Double.init)
    first = start.map { _ in 0 }
    second = first
  }

  mutating func step(_ gradient: [Float]) {
    steps += 1
    let (rate, decay) = (optimizer.learningRate, optimizer.weightDecay)
    for index in parameters.indices {
      var g = Double(gradient[index])
      if optimizer.kind == .adamw {
        parameters[index] -= rate * decay * parameters[index]
      } else {
        g += decay * parameters[index]
      }
      if optimizer.kind == .sgd {
        parameters[index] -= rate * g
        continue
      }
      first[index] = optimizer.beta1 * first[index] + (1 - optimizer.beta1) * g
      second[index] = optimizer.beta2 * second[index] + (1 - optimizer.beta2) * g * g
      let m = first[index] / (1 - pow(optimizer.beta1, steps))
      let v = second[index] / (1 - pow(optimizer.beta2, steps))
      parameters[index] -= rate * m / (v.squareRoot() + optimizer.epsilon)
    }
  }
}
