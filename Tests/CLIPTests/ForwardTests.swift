import Tensors
import TestSupport
import Testing

@testable import CLIP

/// Features compared with transformers' on small random CLIPs of many shapes, both activations and
/// end-token rules, and all number types, in one file and in shards.
struct ForwardTests {
  private static let names = ["tiny", "tiny-gelu"] + RandomArchitecture.all.map(\.name)

  @Test(arguments: names)
  func `image features match transformers'`(name: String) throws {
    let model = try Fixtures.clip(name)
    let reference = try Fixtures.reference(name)
    let context = ComputeContext()
    let pixels = context.matrix(
      reference.shape("pixel_values")[0], model.configuration.pixelCount,
      copying: try reference["pixel_values"])
    let tower = VisionTower(model.parameters, model.configuration, model.table)
    let features = tower.forward(pixels, recording: false, context).features
    #expect(relativeError(features.elements, try reference["image_embeds"]) < 1e-5)
  }

  @Test(arguments: names)
  func `text features match transformers' as a tree, side by side, truncated or padded`(
    name: String
  )
    throws
  {
    let model = try Fixtures.clip(name)
    let reference = try Fixtures.reference(name)
    let context = ComputeContext()
    let texts = try reference.rows("class_input_ids")
    let tower = TextTower(model.parameters, model.configuration, model.table)
    for batch in [
      TextRows(TextBatch(texts, model.configuration)),
      TextRows(TextBatch(padding: texts, model.configuration)),
      TextRows(TextBatch(texts, model.configuration), sharing: false),
      TextRows(batching: TextBatch(padding: texts, model.configuration)),
    ] {
      let features = tower.forward(batch, recording: false, context).features
      #expect(relativeError(features.elements, try reference["text_embeds"]) < 1e-5)
    }
  }
}
