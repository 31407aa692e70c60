import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Losses and gradients compared with PyTorch's on the small random CLIP.
struct GradientTests {
  private let model: CLIPModel
  private let reference: Reference

  init() throws {
    model = try Fixtures.clip("tiny")
    reference = try Fixtures.reference("tiny")
  }

  @Test(arguments: Loss.allCases)
  func `full fine-tuning matches PyTorch's loss and gradients`(loss: Loss) throws {
    let method = FineTuning(model.configuration)
    let (value, gradient) = try step(
      method, method.initialParameters(of: model, seed: 0), loss: loss)
    #expect(relativeError([value], try reference["\(loss.rawValue).loss"]) < 1e-5)
    for entry in method.trainable.entries {
      let expected = try reference["\(loss.rawValue).grad.\(entry.name)"]
      if entry.name.hasSuffix("k_proj.bias") {
        // Softmax is invariant to what all keys share, so this gradient is rounding noise around 0.
        #expect(gradient[entry.range].allSatisfy { abs($0) < 1e-6 }, "\(entry.name)")
      } else {
        #expect(relativeError(gradient[entry.range], expected) < 1e-4, "\(entry.name)")
      }
    }
  }

  @Test(arguments: ["lora_text", "lora_both"], Loss.allCases)
  func `LoRA matches PyTorch's loss and gradients`(setting: String, loss: Loss) throws {
    let method = Self.lora(setting, model.configuration)
    let start = try method.trainable.entries.flatMap { try reference["\(setting).\($0.name)"] }
    let (value, gradient) = try step(method, start, loss: loss)
    #expect(relativeError([value], try reference["\(setting).\(loss.rawValue).loss"]) < 1e-5)
    for entry in method.trainable.entries {
      let expected = try reference["\(setting).\(loss.rawValue).grad.\(entry.name)"]
      #expect(relativeError(gradient[entry.range], expected) < 1e-4, "\(entry.name)")
    }
  }

  @Test func `the contrastive loss over distinct prompts equals that over one prompt per image`()
    throws
  {
    let method = FineTuning(model.configuration)
    let start = method.initialParameters(of: model, seed: 0)
    let (distinct, distinctGradient) = try step(method, start, loss: .contrastive)
    let texts = try reference.rows("class_input_ids")
    let labels = try reference.integers("labels")
    let (naive, naiveGradient) = try step(
      method, start, loss: .contrastive,
      prompts: TextBatch(padding: labels.map { texts[$0] }, model.configuration),
      targets: Array(labels.indices))
    #expect(abs(distinct - naive) < 1e-6)
    #expect(relativeError(distinctGradient, naiveGradient) < 1e-5)
  }

  static func lora(_ setting: String, _ configuration: CLIPConfiguration) -> LoRAMethod {
    setting == "lora_text"
      ? LoRAMethod(configuration, tower: .text, modules: [.output], rank: 2, alpha: 32)
      : LoRAMethod(configuration, tower: .both, modules: LinearModule.allCases, rank: 3, alpha: 4)
  }

  private func step(
    _ method: some AdaptationMethod, _ start: [Float], loss: Loss, prompts: TextBatch? = nil,
    targets: [Int]? = nil
  ) throws -> (loss: Float, gradient: [Float]) {
    let context = ComputeContext()
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count, zeroed: true)
    let table = method.table(
      base: model.weights.values, parameters: parameters.base, gradient: gradient.base)
    let step = TrainingStep(
      model.parameters, model.configuration, table, logitScale: model.logitScale, loss: loss)
    let pixels = try reference["pixel_values"]
    let value = step.run(
      images: .pixels(
        context.matrix(5, model.configuration.pixelCount, copying: pixels)),
      prompts: .texts(
        try prompts
          ?? TextBatch(reference.rows("class_input_ids"), model.configuration)),
      targets: try targets ?? reference.integers("labels"), context)
    return (Float(value), gradient.elements)
  }
}
