import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Checkpointing and micro-batches compared with the same step without them.
struct TechniqueTests {
  private static let batches = [[0, 3, 7, 2, 5], [9, 1, 4, 8, 6], [6, 5]]

  private func trained(
    _ method: TinyMethod, _ techniques: TrainingTechniques, _ loss: Loss,
    _ savings: ExactSavings = .all, batches: [[Int]] = batches,
    _ context: ComputeContext = ComputeContext()
  ) throws -> ClientTrainer.Result {
    let training = try TinyTraining(method)
    let trainer = training.trainer(
      LocalTraining(
        loss: loss,
        // Steps along the gradient, so that gradient differences are visible at full size.
        optimizer: Optimizer(kind: .sgd, learningRate: 0.1, weightDecay: 0),
        techniques: techniques), savings)
    return trainer.train(from: training.movedStart, batches: batches, context)
  }

  @Test(arguments: TinyMethod.allCases, [Loss.contrastive, .classification])
  func `recomputed activations give the same bits`(
    method: TinyMethod, loss: Loss
  ) throws {
    for savings in [ExactSavings.all, [], [.keptImageFeatures, .distinctPrompts, .cutTexts]] {
      let kept = try trained(method, TrainingTechniques(), loss, savings)
      let again = try trained(method, TrainingTechniques(checkpointing: .blocks), loss, savings)
      #expect(again.delta == kept.delta)
      #expect(again.meanLoss == kept.meanLoss)
    }
  }

  @Test(arguments: [TinyMethod.textLoRA, .visionLoRA, .loraOfBoth, .full, .visionClassifier])
  func `checkpointing holds less memory and computes more`(method: TinyMethod) throws {
    let (kept, again) = (ComputeContext(), ComputeContext())
    _ = try trained(method, TrainingTechniques(), .contrastive, [], kept)
    _ = try trained(method, TrainingTechniques(checkpointing: .blocks), .contrastive, [], again)
    #expect(again.peakBytes < kept.peakBytes)
    #expect(again.matrixProductFLOPs > kept.matrixProductFLOPs)
    #expect(again.liveBytes == kept.liveBytes)
  }

  @Test(arguments: TinyMethod.allCases, [1, 2, 3, 4])
  func `micro-batches give the whole batch's gradient`(
    method: TinyMethod, microBatch: Int
  ) throws {
    for loss in [Loss.contrastive, .classification] {
      for savings in [ExactSavings.all, []] {
        let whole = try trained(
          method, TrainingTechniques(), loss, savings, batches: [[0, 3, 7, 2, 5]])
        let pieces = try trained(
          method, TrainingTechniques(microBatch: microBatch), loss, savings,
          batches: [[0, 3, 7, 2, 5]])
        #expect(relativeError(pieces.delta, whole.delta) < 1e-5)
        #expect(abs(pieces.meanLoss - whole.meanLoss) < 1e-5 * abs(whole.meanLoss))
      }
    }
  }

  @Test(arguments: TinyMethod.allCases)
  func `micro-batches and checkpointing can be combined`(method: TinyMethod) throws {
    let kept = try trained(method, TrainingTechniques(microBatch: 2), .contrastive, [])
    let again = try trained(
      method, TrainingTechniques(checkpointing: .blocks, microBatch: 2), .contrastive, [])
    #expect(again.delta == kept.delta)
  }

  @Test func `a micro-batch as large as the batch gives identical bits`() throws {
    let whole = try trained(.full, TrainingTechniques(), .contrastive)
    #expect(
      try trained(.full, TrainingTechniques(microBatch: 5), .contrastive).delta == whole.delta)
  }

  @Test func `micro-batches of the contrastive loss pass a trained tower twice`() throws {
    let (whole, pieces) = (ComputeContext(), ComputeContext())
    let batches = [[0, 1, 2, 3]]
    _ = try trained(.visionLoRA, TrainingTechniques(), .contrastive, .all, batches: batches, whole)
    _ = try trained(
      .visionLoRA, TrainingTechniques(microBatch: 2), .contrastive, .all, batches: batches, pieces)
    let forward = try visionFLOPs(images: 4)
    #expect(pieces.matrixProductFLOPs - whole.matrixProductFLOPs == forward)
  }

  /// The result of a forward pass with the factors of `TinyMethod.visionLoRA`.
  private func visionFLOPs(images: Int) throws -> Int64 {
    let training = try TinyTraining(.visionLoRA)
    let context = ComputeContext()
    let vector = context.matrix(1, training.start.count, copying: training.start)
    let encoder = training.adapted.imageEncoder(training.adapted.table(vector, gradient: nil))
    _ = encoder.forward(
      .pixels(training.images.pixels(Array(0..<images), context)), recording: false, context)
    return withExtendedLifetime(vector) { context.matrixProductFLOPs }
  }
}
