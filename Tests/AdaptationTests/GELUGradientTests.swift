import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Loss and gradients compared with PyTorch's for exact GELU and a different end-token rule.
struct GELUGradientTests {
  @Test func `a model with exact GELU matches PyTorch's loss and gradients`() throws {
    let model = try Fixtures.clip("tiny-gelu")
    let reference = try Fixtures.reference("tiny-gelu")
    let method = FineTuning(model.configuration)
    let context = ComputeContext()
    let start = method.initialParameters(of: model, seed: 0)
    let parameters = context.matrix(1, start.count, copying: start)
    let gradient = context.matrix(1, start.count, zeroed: true)
    let step = AdaptedModel(model, method).step(
      method.table(
        base: model.weights.values, parameters: parameters.base, gradient: gradient.base),
      .contrastive)
    let loss = step.run(
      images: .pixels(
        context.matrix(4, model.configuration.pixelCount, copying: try reference["pixel_values"])),
      prompts: .texts(TextBatch(try reference.rows("class_input_ids"), model.configuration)),
      targets: try reference.integers("labels"), context)
    #expect(relativeError([Float(loss)], try reference["contrastive.loss"]) < 1e-5)
    let elements = gradient.elements
    for entry in method.trainable.entries {
      let expected = try reference["contrastive.grad.\(entry.name)"]
      if entry.name.hasSuffix("k_proj.bias") {
        // Zero except for rounding: softmax is invariant to what all keys share.
        #expect(elements[entry.range].allSatisfy { abs($0) < 1e-6 }, "\(entry.name)")
      } else {
        #expect(relativeError(elements[entry.range], expected) < 1e-4, "\(entry.name)")
      }
    }
  }
}
