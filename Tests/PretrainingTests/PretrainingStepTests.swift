import Adaptation
import CLIP
import Tensors
import TestSupport
import Testing

@testable import Pretraining

/// The step with micro-batches compared with the whole batch at once.
struct PretrainingStepTests {
  @Test(arguments: [1, 2, 7, 12])
  func `micro-batches give the loss and gradient of the whole batch`(pictures: Int) throws {
    let recipe = try SmallRecipe.read(SmallRecipe.text(), in: TemporaryFolder())
    var configuration = recipe.model
    configuration.vocabularySize = 600
    configuration.endTokenID = 599
    let parameters = CLIPParameters(configuration)
    let context = ComputeContext()
    let vector = context.matrix(
      1, parameters.layout.count,
      copying: CLIPInitialization.vector(configuration, seed: 1))
    let supply = PairSupply(seed: 4, imageSize: 8, drawnShare: 1, pictures: [])
    let preprocessor = ImagePreprocessor(
      size: 8, mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5])
    // Meaningless tokens, but distinct for each caption.
    var number: Int32 = 0
    let batch = PretrainingBatch(step: 0, size: pictures, supply, preprocessor) { _ in
      defer { number += 1 }
      return [598, number, 7 * number + 1, 599]
    }

    let whole = context.matrix(1, vector.count, zeroed: true)
    var table = ParameterTable(
      frozen: parameters.layout.entries.map { UnsafePointer(vector.base + $0.offset) })
    table.gradients = parameters.layout.entries.map { whole.base + $0.offset }
    let expected = TrainingStep(
      parameters, configuration, table, logitScale: 9, loss: .contrastive
    ).run(
      images: .pixels(
        context.matrix(pictures, configuration.pixelCount, copying: batch.pixels)),
      prompts: .texts(TextBatch(batch.texts, configuration)), targets: batch.targets.map(Int.init),
      context)

    for parts in [1, 2, 5] {
      let step = PretrainingStep(
        parameters, configuration, reading: vector, parts: parts, on: WorkerPool(workers: 2),
        context)
      for _ in 0..<2 {
        let (loss, gradient) = step.run(batch, logitScale: 9)
        #expect(abs(loss - expected) <= 1e-5 * expected)
        #expect(relativeError(gradient.elements, whole.elements) < 1e-5)
      }
    }
  }
}
