import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

struct EmbedderTests {
  private let model: CLIPModel
  private let reference: Reference

  init() throws {
    model = try Fixtures.clip("tiny")
    reference = try Fixtures.reference("tiny")
  }

  @Test func `embeddings match transformers' and have unit length`() throws {
    let embedder = Embedder(model)
    let texts = try reference.rows("class_input_ids")
    let pixels = try reference["pixel_values"]
    let count = model.configuration.pixelCount
    for (index, text) in texts.enumerated() {
      #expect(relativeError(embedder.embed(tokens: text), try unit("text_embeds", index)) < 1e-5)
    }
    for image in 0..<5 {
      let embedding = embedder.embed(pixels: Array(pixels[(image * count)..<((image + 1) * count)]))
      #expect(relativeError(embedding, try unit("image_embeds", image)) < 1e-5)
    }
  }

  @Test(arguments: ["lora_text", "lora_both"])
  func `a merged model gives the same embeddings as the base with its adapter`(setting: String)
    throws
  {
    let adapted = AdaptedModel(model, GradientTests.lora(setting, model.configuration))
    let parameters = try adapted.method.trainable.entries.flatMap {
      try reference["\(setting).\($0.name)"]
    }
    let merged = CLIPModel(
      model.configuration,
      weights: CLIPWeights(
        MergedWeights.vector(adapted, parameters: parameters), model.parameters.layout))
    let text = try reference.rows("class_input_ids")[1]
    let pixels = Array(try reference["pixel_values"].prefix(model.configuration.pixelCount))
    let embedder = Embedder(adapted, parameters: parameters)
    #expect(
      relativeError(Embedder(merged).embed(tokens: text), embedder.embed(tokens: text)) < 1e-5)
    #expect(
      relativeError(Embedder(merged).embed(pixels: pixels), embedder.embed(pixels: pixels)) < 1e-5)
    #expect(
      relativeError(Embedder(model).embed(tokens: text), embedder.embed(tokens: text)) > 1e-2)
  }

  private func unit(_ name: String, _ row: Int) throws -> [Float] {
    let width = model.configuration.projectionWidth
    let values = try reference[name][(row * width)..<((row + 1) * width)]
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
  }
}
