import CKernels
import Tensors

/// One client's copy of the parameters during training.
struct Trainee {
  let parameters: Matrix
  let gradient: Matrix
  let batches: [[Int]]
  private let correction: GradientCorrection?
  private var state: Optimizer.State
  private var lossSum = 0.0
  private var sampleCount = 0

  init(
    _ task: ClientTask, _ training: LocalTraining, version: [Float], _ context: ComputeContext
  ) {
    parameters = context.matrix(1, version.count, copying: version)
    gradient = context.matrix(1, version.count)
    state = Optimizer.State(
      for: training.optimizer, parameters: version.count, restoring: task.memory, context)
    batches = task.batches()
    correction = task.correction
  }

  /// Updates the parameters with the gradient of a batch that has the given loss.
  ///
  /// - Parameter version: the parameters that the client started from.
  mutating func step(
    _ optimizer: Optimizer, loss: Double, samples: Int, version: [Float],
    _ context: ComputeContext
  ) {
    correction?.apply(to: gradient, at: parameters, start: version)
    optimizer.step(parameters, gradient: gradient, &state, context)
    lossSum += loss * Double(samples)
    sampleCount += samples
  }

  /// Returns the client's result; its memory goes back to the context.
  func finish(_ training: LocalTraining, version: [Float]) -> ClientTrainer.Result {
    flora_subtract(parameters.base, version, parameters.count)
    defer {
      parameters.recycle()
      gradient.recycle()
      state.recycle()
    }
    return ClientTrainer.Result(
      delta: parameters.elements, steps: batches.count,
      meanLoss: lossSum / Double(max(1, sampleCount)),
      memory: training.optimizerState == .persistent ? state.memory : nil)
  }
}
