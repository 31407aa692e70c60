import Tensors
import TestSupport
import Testing

@testable import CLIP

/// Passes of many images with weights that are packed once.
struct PackedVisionTests {
  @Test(arguments: [16, 1])
  func `a tower packed once gives the same bits as one packed for every product`(
    images: Int
  ) {
    let tower = TowerConfiguration(width: 64, mlpWidth: 128, layers: 2, heads: 2)
    let configuration = CLIPConfiguration(
      text: tower, vision: tower, projectionWidth: 32, vocabularySize: 16, contextLength: 8,
      endTokenID: 15, imageSize: 48, patchSize: 8)
    let layout = CLIPParameters(configuration).layout
    let model = CLIPModel(
      configuration,
      weights: CLIPWeights(randomNumbers(layout.count, seed: 1, scale: 0.1), layout))
    let packed = model.packedVision
    #expect(packed.count { $0 != nil } == (PackedWeight.pays ? 1 + 2 * 6 : 0))
    var table = model.table
    table.packed = packed
    let context = ComputeContext()
    let pixels = context.matrix(
      images, configuration.pixelCount,
      copying: randomNumbers(images * configuration.pixelCount, seed: 2))
    let plain = model.features(of: pixels, model.table, context).rows.elements
    #expect(model.features(of: pixels, table, context).rows.elements == plain)
  }
}
