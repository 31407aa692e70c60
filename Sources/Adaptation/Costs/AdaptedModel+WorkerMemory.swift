import CLIP
import Tensors

// The memory of the simulator's own training and evaluation, in bytes of float32, excluding what
// all workers share.
extension AdaptedModel {
  /// The peak memory of a worker during a client's training step: the client's parameters with
  /// gradients and moments, the batch, saved activations, and working space.
  ///
  /// - Parameters:
  ///   - images: the number of images in the batch.
  ///   - prompts: the prompts of all classes.
  package func stepBytes(_ training: LocalTraining, images: Int, prompts: ClassPrompts) -> Int {
    let context = tracedStep(training, .all, images: images) {
      batch(images, $0)
    } prompts: {
      texts(training, images: images, method.prompts ?? prompts, $0)
    }
    return Int(context.peakBytes)
  }

  /// The peak memory of a worker during evaluation.
  package func testBytes(images: Int) -> Int {
    let context = ComputeContext(computes: false)
    _ = imageEncoder(Self.tracingTable(model, method)).forward(
      batch(images, context), recording: false, context)
    return Int(context.peakBytes)
  }

  private func batch(_ images: Int, _ context: ComputeContext) -> TrainingStep.Images {
    trainsVision
      ? .pixels(context.matrix(images, model.configuration.pixelCount))
      : .features(context.matrix(images, model.configuration.projectionWidth))
  }

  /// The maximum number of distinct prompts in a batch.
  private func texts(
    _ training: LocalTraining, images: Int, _ prompts: ClassPrompts, _ context: ComputeContext
  ) -> TrainingStep.Prompts {
    guard readsPrompts else { return .none }
    let labels = (0..<images).map { $0 % prompts.count }
    let classes = training.loss.promptClasses(labels: labels, count: prompts.count)
    guard trainsText else {
      return .features(context.matrix(classes.count, model.configuration.projectionWidth))
    }
    return .texts(training.techniques.pieces(of: prompts.texts.selecting(classes)))
  }
}
