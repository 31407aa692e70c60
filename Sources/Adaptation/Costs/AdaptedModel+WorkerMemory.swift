import CLIP
import Tensors

// What the simulator's own training and testing hold, in bytes of float32, beside what is shared by all workers.
extension AdaptedModel {
  /// The most that a worker holds in a step of one client: the client's copy with gradients and moments, the batch,
  /// what the backward pass keeps, and working space.
  ///
  /// - Parameters:
  ///   - images: how many the batch has.
  ///   - prompts: those of all classes.
  package func stepBytes(_ training: LocalTraining, images: Int, prompts: ClassPrompts) -> Int {
    let context = tracedStep(training, .all, images: images) {
      batch(images, $0)
    } prompts: {
      texts(training, images: images, method.prompts ?? prompts, $0)
    }
    return Int(context.peakBytes)
  }

  /// The most that a worker holds while it classifies images.
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

  /// As many distinct prompts as a batch can have.
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
