import CLIP
import Tensors

/// Trains one client's copy of a method's parameters on the client's own samples.
///
/// A pure function of its inputs: the clock, other clients and the worker that runs it play no part.
package struct ClientTrainer: Sendable {
  package let adapted: AdaptedModel
  package let training: LocalTraining
  private let images: ImageSource
  private let features: FrozenFeatures?
  private let prompts: ClassPrompts

  /// - Parameter features: those of all training samples; needed where the vision tower is frozen.
  package init(
    _ adapted: AdaptedModel, _ training: LocalTraining, images: ImageSource,
    features: FrozenFeatures?, prompts: ClassPrompts
  ) {
    precondition(adapted.trainsVision || features != nil, "a frozen tower needs its features")
    self.adapted = adapted
    self.training = training
    self.images = images
    self.features = features
    self.prompts = prompts
  }

  package struct Result: Sendable {
    /// The trained parameters less those that it started from.
    package let delta: [Float]
    package let steps: Int
    /// The mean over the samples of their batch's loss before its step.
    package let meanLoss: Double
    package let memory: OptimizerMemory?
  }

  /// - Parameters:
  ///   - start: the server's version of the parameters.
  ///   - batches: sample indices, a step each.
  ///   - memory: what the client's optimizer remembers, where it is persistent.
  package func train(
    from start: [Float], batches: [[Int]], memory: OptimizerMemory? = nil,
    _ context: ComputeContext
  ) -> Result {
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count)
    var state = Optimizer.State(
      for: training.optimizer, parameters: start.count, restoring: memory, context)
    let step = adapted.step(adapted.table(parameters, gradient: gradient), training.loss)
    var lossSum = 0.0
    var samples = 0
    for batch in batches {
      context.clear(gradient.base, count: gradient.count)
      let loss = run(step, batch, context)
      training.optimizer.step(parameters, gradient: gradient, &state, context)
      lossSum += loss * Double(batch.count)
      samples += batch.count
    }
    let delta = zip(parameters.elements, start).map { $0 - $1 }
    return Result(
      delta: delta, steps: batches.count, meanLoss: lossSum / Double(max(1, samples)),
      memory: training.optimizerState == .persistent ? state.memory : nil)
  }

  /// Forward and backward of one batch over the prompts that its loss needs.
  private func run(_ step: TrainingStep, _ batch: [Int], _ context: ComputeContext) -> Double {
    let labels = batch.map { Int(images.dataset.labels[$0]) }
    let classes = training.loss.promptClasses(labels: labels, count: prompts.count)
    var column = [Int](repeating: 0, count: prompts.count)
    for (index, label) in classes.enumerated() { column[label] = index }
    let input: TrainingStep.Images =
      if let features, !adapted.trainsVision {
        .features(features.gather(batch, context))
      } else {
        .pixels(images.pixels(batch, context))
      }
    return step.run(
      images: input, prompts: .texts(prompts.texts.selecting(classes)),
      targets: labels.map { column[$0] }, context)
  }
}
