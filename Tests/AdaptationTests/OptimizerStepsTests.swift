import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Ten optimizer steps compared with PyTorch's, in double precision, on the small random CLIP.
struct OptimizerStepsTests {
  private let model: CLIPModel
  private let reference: Reference

  init() throws {
    model = try Fixtures.clip("tiny")
    reference = try Fixtures.reference("tiny")
  }

  @Test(arguments: [Optimizer.Kind.adam, .adamw])
  func `ten LoRA steps match PyTorch's`(kind: Optimizer.Kind) throws {
    let method = GradientTests.lora("lora_text", model.configuration)
    let start = try method.trainable.entries.flatMap { entry in
      entry.name.hasSuffix("lora_B.weight")
        ? .init(repeating: 0, count: entry.count) : try reference["lora_text.\(entry.name)"]
    }
    let trained = try train(method, from: start, kind, learningRate: 1e-3, "lora_text")
    for entry in method.trainable.entries {
      let expected = try reference["steps.lora_text.\(kind).final.\(entry.name)"]
      #expect(relativeError(trained[entry.range], expected) < 1e-4, "\(entry.name)")
    }
  }

  @Test(arguments: [Optimizer.Kind.adam, .adamw])
  func `ten full fine-tuning steps match PyTorch's`(kind: Optimizer.Kind) throws {
    let method = FineTuning(model.configuration)
    let start = method.initialParameters(of: model, seed: 0)
    let trained = try train(method, from: start, kind, learningRate: 1e-4, "full")
    for entry in method.trainable.entries {
      let expected = try reference["steps.full.\(kind).final.\(entry.name)"]
      if kind == .adamw, entry.name.hasSuffix("k_proj.bias") {
        // Its gradient is rounding noise around 0, which Adam divides by the noise's magnitude; the
        // result may be at most one full step.
        #expect(zip(trained[entry.range], expected).allSatisfy { abs($0 - $1) < 1e-4 })
      } else {
        #expect(relativeError(trained[entry.range], expected) < 1e-4, "\(entry.name)")
      }
    }
  }

  /// The parameters after one step per reference batch.
  private func train(
    _ method: some AdaptationMethod, from start: [Float], _ kind: Optimizer.Kind,
    learningRate: Double, _ setting: String
  ) throws -> [Float] {
    let context = ComputeContext()
    let optimizer = Optimizer(kind: kind, learningRate: learningRate)
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count)
    var state = Optimizer.State(for: optimizer, parameters: start.count, context)
    let step = AdaptedModel(model, method).step(
      method.table(
        base: model.weights.values, parameters: parameters.base, gradient: gradient.base),
      .contrastive)
    let prompts = try TextBatch(reference.rows("class_input_ids"), model.configuration)
    let pixels = try reference["steps.pixel_values"]
    let labels = try reference.rows("steps.labels").map { $0.map(Int.init) }
    let batchCount = pixels.count / labels.count
    var losses: [Float] = []
    for (index, labels) in labels.enumerated() {
      context.clear(gradient.base, count: gradient.count)
      let classes = Set(labels).sorted()
      let batch = pixels[(index * batchCount)..<((index + 1) * batchCount)]
      let loss = step.run(
        images: .pixels(
          context.matrix(labels.count, batchCount / labels.count, copying: Array(batch))),
        prompts: .texts(prompts.selecting(classes)),
        targets: labels.map { classes.firstIndex(of: $0)! }, context)
      losses.append(Float(loss))
      optimizer.step(parameters, gradient: gradient, &state, context)
    }
    #expect(relativeError(losses, try reference["steps.\(setting).\(kind).losses"]) < 1e-5)
    return parameters.elements
  }
}
