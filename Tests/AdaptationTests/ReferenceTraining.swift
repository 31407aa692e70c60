import CLIP
import Tensors
import TestSupport

@testable import Adaptation

/// A small random CLIP with a method on it, and the batches that PyTorch trained it on.
struct ReferenceTraining {
  let reference: Reference
  let method: any AdaptationMethod
  private let model: CLIPModel
  private let start: [Float]
  private let prompts: TextBatch
  private let labels: [Int]

  /// - Parameter setting: `lora_text`, `lora_vision` or `full`.
  init(_ architecture: RandomArchitecture, _ setting: String) throws {
    model = try Fixtures.clip(architecture.name)
    let reference = try Fixtures.reference(architecture.name)
    self.reference = reference
    prompts = TextBatch(try reference.rows("class_input_ids"), model.configuration)
    labels = try reference.integers("labels")
    if setting == "full" {
      method = FineTuning(model.configuration)
      start = method.initialParameters(of: model, seed: 0)
    } else {
      let tower: Tower = setting == "lora_text" ? .text : .vision
      let lora = tower == .text ? architecture.text : architecture.vision
      method = LoRAMethod(
        model.configuration, tower: tower, modules: [lora.module], rank: lora.rank,
        alpha: lora.alpha)
      start = try method.trainable.entries.flatMap { try reference["\(setting).\($0.name)"] }
    }
  }

  /// The loss of all images, and its gradient.
  func step() throws -> (loss: Double, gradient: [Float]) {
    let context = ComputeContext()
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count, zeroed: true)
    let loss = try run(Array(labels.indices), parameters, gradient, context)
    return withExtendedLifetime(parameters) { (loss, gradient.elements) }
  }

  /// The loss before each step on the reference batches.
  func losses(_ optimizer: Optimizer) throws -> [Float] {
    let context = ComputeContext()
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count)
    var state = Optimizer.State(for: optimizer, parameters: start.count, context)
    return try reference.rows("steps.images").map { images in
      context.clear(gradient.base, count: gradient.count)
      let loss = try run(images.map(Int.init), parameters, gradient, context)
      optimizer.step(parameters, gradient: gradient, &state, context)
      return Float(loss)
    }
  }

  private func run(
    _ images: [Int], _ parameters: Matrix, _ gradient: Matrix, _ context: ComputeContext
  ) throws -> Double {
    let adapted = AdaptedModel(model, method)
    let pixels = try reference["pixel_values"]
    let size = model.configuration.pixelCount
    let classes = Set(images.map { labels[$0] }).sorted()
    return adapted.step(adapted.table(parameters, gradient: gradient), .contrastive).run(
      images: .pixels(
        context.matrix(
          images.count, size, copying: images.flatMap { pixels[($0 * size)..<(($0 + 1) * size)] })),
      prompts: .texts(prompts.selecting(classes)),
      targets: images.map { classes.firstIndex(of: labels[$0])! }, context)
  }
}
