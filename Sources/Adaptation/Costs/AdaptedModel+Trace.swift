import CLIP
import Tensors

extension AdaptedModel {
  /// A step of one client with gradients and the optimizer, traced.
  ///
  /// - Parameters:
  ///   - count: images in the batch.
  ///   - images, prompts: what the step reads, made in the context that traces it.
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
  /// Texts as the pieces that pass the text tower one after the other.
  func pieces(of texts: TextBatch) -> [TrainingStep.Texts] {
    pieces(of: texts.count).map {
      TrainingStep.Texts(TextRows(batching: texts.selecting(Array($0))))
    }
  }
}
