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
    let prompts = method.prompts ?? prompts
    guard parts(training) == 1 else {
      return partsBytes(training, images: images, prompts: prompts)
    }
    let context = tracedStep(training, .all, images: images) {
      batch(images, $0)
    } prompts: {
      texts(training, images: images, prompts, $0)
    }
    return Int(context.peakBytes)
  }

  /// The peak memory of a client's training step in parts, all of which are in memory together.
  private func partsBytes(_ training: LocalTraining, images: Int, prompts: ClassPrompts) -> Int {
    let contexts = StepParts.contexts(parts: parts(training), computing: false)
    let context = ComputeContext(computes: false)
    let parameters = context.matrix(1, method.trainable.count)
    let gradient = context.matrix(1, method.trainable.count)
    var state = Optimizer.State(
      for: training.optimizer, parameters: method.trainable.count, context)
    let step = self.step(
      Self.tracingTable(model, method), training.loss, .all, training.techniques)
    let classes = self.classes(training, images: images, prompts)
    let imageParts = trainsVision ? contexts.count / 2 : 1
    let promptParts = trainsText ? contexts.count / 2 : 1
    _ = StepParts(addingTo: gradient, contexts, context).run(
      .init(repeating: step, count: contexts.count / 2),
      images: StepParts.cut(images, into: imageParts).map { range in
        { self.batch(range.count, $0) }
      },
      prompts: readsPrompts
        ? StepParts.cut(classes.count, into: promptParts).map { range in
          { self.texts(training, Array(classes[range]), prompts, $0) }
        } : [], targets: .init(repeating: 0, count: images))
    training.optimizer.step(parameters, gradient: gradient, &state, context)
    return Int(contexts.reduce(context.peakBytes) { $0 + $1.peakBytes })
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
    return texts(training, classes(training, images: images, prompts), prompts, context)
  }

  private func texts(
    _ training: LocalTraining, _ classes: [Int], _ prompts: ClassPrompts, _ context: ComputeContext
  ) -> TrainingStep.Prompts {
    guard trainsText else {
      return .features(context.matrix(classes.count, model.configuration.projectionWidth))
    }
    return .texts(training.techniques.pieces(of: prompts.texts.selecting(classes)))
  }

  /// The classes of a batch with the maximum number of distinct ones.
  private func classes(
    _ training: LocalTraining, images: Int, _ prompts: ClassPrompts
  ) -> [Int] {
    let labels = (0..<images).map { $0 % prompts.count }
    return training.loss.promptClasses(labels: labels, count: prompts.count)
  }
}
