import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Training with bfloat16 products compared with PyTorch's CPU autocast and with float32.
struct BFloat16TrainingTests {
  /// Autocast's losses differ from float64's by up to 1.8 %, and by 0.4 to 0.6 % on average. Ours may
  /// differ from both by as much: autocast also rounds the results of its products.
  @Test(arguments: ["lora_text", "full"])
  func `the losses of fifty steps match autocast's, within bfloat16's error`(setting: String) throws
  {
    let losses = try losses(setting, .bfloat16)
    let reference = try Fixtures.reference("autocast")
    let autocast = try reference["steps.\(setting).adam.autocast"]
    let exact = try reference["steps.\(setting).adam.float64"]
    let own = differences(losses, exact)
    #expect(own.largest < 0.025)
    #expect(own.mean < 0.008)
    let difference = differences(losses, autocast)
    #expect(difference.largest < 0.025)
    #expect(difference.mean < 0.008)
    // Verifies that bfloat16 was used: float32 is a hundred times closer to the exact losses.
    #expect(own.largest > 100 * differences(try self.losses(setting, .float32), exact).largest)
  }

  @Test(arguments: TinyMethod.allCases)
  func `gradients match float32's, within bfloat16's error`(method: TinyMethod) throws {
    let tiny = try TinyTraining(method)
    let start = tiny.movedStart
    let exact = tiny.gradient(at: start, .contrastive)
    let rounded = tiny.gradient(at: start, .contrastive, .bfloat16)
    #expect(rounded != exact)
    let length = exact.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let distance = zip(rounded, exact).reduce(0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
    }.squareRoot()
    #expect(distance < 0.05 * length)
  }

  @Test func `packed weights and stacked clients give identical bits`() throws {
    let tiny = try TinyTraining(.textLoRA)
    func train(_ adapted: AdaptedModel, together: Bool) -> [[Float]] {
      let trainer = ClientTrainer(
        adapted,
        LocalTraining(batchSize: 4, techniques: TrainingTechniques(precision: .bfloat16)),
        images: tiny.images, features: tiny.features, prompts: tiny.prompts,
        savings: ExactSavings.all.subtracting([.packedWeights, .frozenStart]))
      let context = ComputeContext()
      context.precision = .bfloat16
      let tasks = [[[0, 1, 2, 3], [4, 5, 6, 7]], [[9, 8, 7, 6], [5, 4, 3, 2]]].map { batches in
        ClientTask { batches }
      }
      let results =
        together
        ? trainer.train(tasks, from: tiny.movedStart, context)
        : tasks.flatMap { trainer.train([$0], from: tiny.movedStart, context) }
      return results.map(\.delta)
    }
    let expected = train(tiny.adapted, together: false)
    let packed = tiny.adapted.packingFrozenWeights(.bfloat16)
    #expect(packed.isPacked && !tiny.adapted.isPacked)
    #expect(train(packed, together: false) == expected)
    #expect(train(packed, together: true) == expected)
    #expect(train(tiny.adapted, together: true) == expected)
  }

  private func differences(_ losses: [Float], _ expected: [Float]) -> (largest: Float, mean: Float)
  {
    let differences = zip(losses, expected).map { abs($0 - $1) / $1 }
    return (differences.max()!, differences.reduce(0, +) / Float(differences.count))
  }

  /// The loss before each step, cycling through the ten reference batches of the small random CLIP.
  private func losses(_ setting: String, _ precision: Precision) throws -> [Float] {
    let model = try Fixtures.clip("tiny")
    let reference = try Fixtures.reference("tiny")
    let method: any AdaptationMethod =
      setting == "full"
      ? FineTuning(model.configuration) : GradientTests.lora(setting, model.configuration)
    let own = method.initialParameters(of: model, seed: 0)
    let start = try method.trainable.entries.flatMap { entry -> [Float] in
      guard setting != "full" else { return Array(own[entry.range]) }
      return entry.name.hasSuffix("lora_B.weight")
        ? .init(repeating: 0, count: entry.count) : try reference["\(setting).\(entry.name)"]
    }
    let context = ComputeContext()
    context.precision = precision
    let optimizer = Optimizer(kind: .adam, learningRate: setting == "full" ? 1e-4 : 1e-3)
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count)
    var state = Optimizer.State(for: optimizer, parameters: start.count, context)
    let adapted = AdaptedModel(model, method).packingFrozenWeights(precision)
    let step = adapted.step(adapted.table(parameters, gradient: gradient), .contrastive)
    let prompts = try TextBatch(reference.rows("class_input_ids"), model.configuration)
    let pixels = try reference["steps.pixel_values"]
    let labels = try reference.rows("steps.labels").map { $0.map(Int.init) }
    let size = pixels.count / labels.count
    return (0..<50).map { index in
      let labels = labels[index % labels.count]
      let start = index % 10 * size
      context.clear(gradient.base, count: gradient.count)
      let classes = Set(labels).sorted()
      let images = context.matrix(
        labels.count, size / labels.count, copying: Array(pixels[start..<(start + size)]))
      let loss = step.run(
        images: .pixels(images), prompts: .texts(prompts.selecting(classes)),
        targets: labels.map { classes.firstIndex(of: $0)! }, context)
      optimizer.step(parameters, gradient: gradient, &state, context)
      return Float(loss)
    }
  }
}
