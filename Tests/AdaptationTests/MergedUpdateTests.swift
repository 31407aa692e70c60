import CLIP
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Trained parameters merged into the base's weights.
struct MergedUpdateTests {
  @Test(arguments: [
    TinyMethod.textLoRA, .loraOfBoth, .factorsOfBoth, .doraOfBoth, .norms, .biases,
  ])
  func `a plain CLIP with the merged weights computes what the method does`(
    method: TinyMethod
  ) throws {
    let tiny = try TinyTraining(method)
    let parameters = tiny.movedStart
    let merged = MergedWeights.vector(tiny.adapted, parameters: parameters)
    let layout = tiny.model.parameters.layout
    let pixels = randomNumbers(tiny.model.configuration.pixelCount, seed: 8)
    let own = Embedder(tiny.adapted, parameters: parameters)
    let plain = Embedder(
      AdaptedModel(tiny.model, FineTuning(tiny.model.configuration)),
      parameters: layout.entries.filter { $0.name != "logit_scale" }.flatMap { merged[$0.range] })
    #expect(relativeError(plain.embed(pixels: pixels), own.embed(pixels: pixels)) < 1e-5)
    #expect(
      relativeError(
        plain.embed(tokens: tiny.prompts.tokens[0]), own.embed(tokens: tiny.prompts.tokens[0]))
        < 1e-5)
    let base = Embedder(tiny.model)
    #expect(
      relativeError(
        base.embed(tokens: tiny.prompts.tokens[0]), own.embed(tokens: tiny.prompts.tokens[0]))
        > 1e-4, "the update changes something")
  }
}
