import CLIP
import Tensors

extension AdaptedModel {
  /// Traces a client's training step with gradients and the optimizer.
  ///
  /// - Parameters:
  ///   - count: the number of images in the batch.
  ///   - images, prompts: create the step's inputs in the tracing context.
  func tracedStep(
    _ training: LocalTraining, _ savings: ExactSavings, images count: Int,
    _ images: (ComputeContext) -> TrainingStep.Images,
    prompts: (ComputeContext) -> TrainingStep.Prompts
  ) -> ComputeContext {
    let context = ComputeContext(computes: false)
    let parameters = context.matrix(1, method.trainable.count)
    let gradient = context.matrix(1, method.trainable.count)
    var state = Optimizer.State(
      for: training.optimizer, parameters: method.trainable.count, context)
    _ = step(Self.tracingTable(model, method), training.loss, savings, training.techniques).run(
      images: images(context), prompts: prompts(context),
      targets: .init(repeating: 0, count: count), context)
    training.optimizer.step(parameters, gradient: gradient, &state, context)
    return context
  }
}

extension TrainingTechniques {
  /// Splits texts into the micro-batches that run through the text tower in sequence.
  func pieces(of texts: TextBatch) -> [TrainingStep.Texts] {
    pieces(of: texts.count).map {
      TrainingStep.Texts(TextRows(batching: texts.selecting(Array($0))))
    }
  }
}
