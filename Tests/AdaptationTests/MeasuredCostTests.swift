import CLIP
import Tensors
import Testing

@testable import Adaptation

/// The cost model against what a computing context counts while the same work is really done.
struct MeasuredCostTests {
  private static let methods: [TinyMethod] = TinyMethod.allCases

  @Test(arguments: methods, Loss.allCases)
  func `the reference plan's step costs what running it costs`(method: TinyMethod, loss: Loss)
    throws
  {
    let training = try TinyTraining(method)
    let optimizer = Optimizer()
    let context = ComputeContext()
    let start = training.movedStart
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count, zeroed: true)
    var state = Optimizer.State(for: optimizer, parameters: start.count, context)
    let samples = [0, 1, 2, 3, 4]
    let labels = training.labels(of: samples)
    // A prompt for each image; a classification has one for each class.
    let texts = loss == .contrastive ? labels : [0, 1, 2]
    let value = training.adapted.step(
      training.adapted.table(parameters, gradient: gradient), loss
    ).run(
      images: .pixels(training.images.pixels(samples, context)),
      prompts: .texts(
        TextBatch(
          padding: texts.map { training.prompts.tokens[$0] }, training.model.configuration)),
      targets: loss == .contrastive ? Array(samples.indices) : labels, context)
    optimizer.step(parameters, gradient: gradient, &state, context)
    #expect(value > 0)

    let cost = training.costs(.reference, loss: loss).step(
      StepShape(images: 5, classes: Set(labels).sorted()))
    #expect(cost.flops == Int(context.matrixProductFLOPs))
    // Everything frozen stays in memory; full fine-tuning leaves the logit scale alone.
    let frozen = method == .full ? 1 : training.model.parameterCount
    #expect(cost.peakBytes == Int(context.peakBytes) + 4 * frozen)
  }

  @Test(arguments: [TinyMethod.textLoRA, .loraOfBoth, .full], Loss.allCases)
  func `the cached plan's task costs what the client's training costs`(
    method: TinyMethod, loss: Loss
  ) throws {
    let training = try TinyTraining(method)
    let batches = [[0, 3, 7, 2], [9, 1, 4, 8], [6, 5]]
    let labels = batches.map(training.labels)
    let costs = training.costs(.cached, loss: loss)
    let context = ComputeContext()
    let trainer = training.trainer(LocalTraining(loss: loss, batchSize: 4))
    _ = trainer.train(from: training.movedStart, batches: batches, context)
    #expect(
      costs.flops(batches: labels, preparing: false) == Int(context.matrixProductFLOPs))

    let alone = ComputeContext()
    _ = trainer.train(from: training.movedStart, batches: [batches[0]], alone)
    let shape = StepShape(
      images: 4, classes: loss == .contrastive ? Set(labels[0]).sorted() : [0, 1, 2])
    let frozen =
      switch method {
      case .full: 1
      case .textLoRA: 1 + training.count("text_")
      default: training.model.parameterCount
      }
    #expect(costs.step(shape).peakBytes == Int(alone.peakBytes) + 4 * frozen)
  }

  @Test(arguments: [1, 3, 10])
  func `preparing costs what the frozen tower's features cost`(samples: Int) throws {
    let training = try TinyTraining(.textLoRA)
    let context = ComputeContext()
    _ = training.images.features(Array(0..<samples), training.model, context)
    let preparation = training.costs(.cached, batchSize: 10).preparation(samples: samples)
    #expect(preparation.flops == Int(context.matrixProductFLOPs))
    let vision = training.count("vision_") + training.count("visual_")
    #expect(preparation.peakBytes == Int(context.peakBytes) + 4 * vision)
  }
}
