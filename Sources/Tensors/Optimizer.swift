import CKernels
import Foundation

/// How a client turns gradients into steps.
public struct Optimizer: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Kingma and Ba, arXiv 1412.6980; weight decay is added to the gradient.
    case adam
    /// Loshchilov and Hutter, arXiv 1711.05101; weight decay shrinks the weights.
    case adamw
    /// Plain stochastic gradient descent; weight decay is added to the gradient.
    case sgd
  }

  public var kind: Kind
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double

  /// The defaults are those of FLORA's published code.
  public init(
    kind: Kind = .adam, learningRate: Double = 5e-5, beta1: Double = 0.9, beta2: Double = 0.98,
    epsilon: Double = 1e-6, weightDecay: Double = 0.2
  ) {
    self.kind = kind
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// The number of state values per parameter.
  public var momentsPerParameter: Int { kind == .sgd ? 0 : 2 }

  /// The optimizer's state between steps.
  package struct State {
    var steps = 0
    /// Both moments, [momentsPerParameter, parameters].
    let moments: Matrix

    /// Creates the initial state, or restores it from `memory`.
    package init(
      for optimizer: Optimizer, parameters: Int, restoring memory: OptimizerMemory? = nil,
      _ context: ComputeContext
    ) {
      if let memory {
        steps = memory.steps
        moments = context.matrix(
          optimizer.momentsPerParameter, parameters, copying: memory.moments)
      } else {
        moments = context.matrix(optimizer.momentsPerParameter, parameters, zeroed: true)
      }
    }

    /// Returns the memory of the moments; the state must not be used afterwards.
    package func recycle() { moments.recycle() }

    package var memory: OptimizerMemory {
      OptimizerMemory(steps: steps, moments: moments.elements)
    }
  }

  /// Updates all parameters by one step.
  package func step(
    _ parameters: Matrix, gradient: Matrix, _ state: inout State, _ context: ComputeContext
  ) {
    state.steps += 1
    apply(
      0..<parameters.count, of: parameters, gradient: gradient, state, weightDecay: weightDecay,
      learningRate: learningRate, context)
  }

  /// Like `step`, with a scheduled learning rate and a weight decay per range of parameters.
  package func step(
    _ parameters: Matrix, gradient: Matrix, _ state: inout State, learningRate: Double,
    decay: [(range: Range<Int>, weightDecay: Double)], _ context: ComputeContext
  ) {
    state.steps += 1
    for (range, weightDecay) in decay {
      apply(
        range, of: parameters, gradient: gradient, state, weightDecay: weightDecay,
        learningRate: learningRate, context)
    }
  }

  private func apply(
    _ range: Range<Int>, of parameters: Matrix, gradient: Matrix, _ state: State,
    weightDecay: Double, learningRate: Double, _ context: ComputeContext
  ) {
    // Reads the parameter, its gradient and its moments; writes the parameter and its moments.
    context.countKernel(numbers: (3 + 2 * momentsPerParameter) * range.count)
    guard context.computes else { return }
    // Parameters are independent, so idle workers may update some of them.
    nonisolated(unsafe) let p = parameters.base + range.lowerBound
    nonisolated(unsafe) let g = gradient.base + range.lowerBound
    if kind == .sgd {
      LongVectors.forEachRange(of: range.count) { part in
        for i in part { p[i] -= Float(learningRate) * (g[i] + Float(weightDecay) * p[i]) }
      }
      return
    }
    nonisolated(unsafe) let first = state.moments.base + range.lowerBound
    let second = state.moments.columns
    let corrections = (
      Float(1 - pow(beta1, Double(state.steps))), Float(1 - pow(beta2, Double(state.steps)))
    )
    LongVectors.forEachRange(of: range.count) { [self] part in
      let start = part.lowerBound
      flora_adam_step(
        p + start, g + start, first + start, first + start + second, part.count,
        Float(learningRate), Float(beta1), Float(beta2), Float(epsilon), Float(weightDecay),
        kind == .adamw, corrections.0, corrections.1)
    }
  }
}
