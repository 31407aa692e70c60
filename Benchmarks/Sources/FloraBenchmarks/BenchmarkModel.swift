import Randomness

@testable import CLIP
@testable import Tensors

/// The benchmarked models, named as in the Python benchmarks.
enum BenchmarkModel: String, CaseIterable, Sendable {
  case nano, small
  case vitB32 = "vit-b-32"

  var configuration: CLIPConfiguration {
    switch self {
    case .nano:
      shape(layers: 4, text: 128, vision: 128, projection: 128, image: 28, patch: 7)
    case .small:
      shape(layers: 6, text: 192, vision: 192, projection: 192, image: 32, patch: 4)
    case .vitB32:
      shape(
        layers: 12, text: 512, vision: 768, projection: 512, image: 224, patch: 32,
        context: 77, vocabulary: 49408)
    }
  }

  /// Random weights of typical magnitude: the cost of a step does not depend on them.
  func random() -> CLIPModel {
    let layout = CLIPParameters(configuration).layout
    var stream = RandomStream(seed: 0, purpose: "benchmark weights")
    // Repeating a prime number of draws is random enough, and fast for 151 million weights.
    let draws = (0..<65_537).map { _ in 0.05 * Float(stream.normal()) }
    var vector = (0..<layout.count).map { draws[$0 % draws.count] }
    for entry in layout.entries {
      if entry.name.hasSuffix(".bias") {
        for index in entry.range { vector[index] = 0 }
      } else if entry.name.contains("norm") {
        for index in entry.range { vector[index] = 1 }
      } else if entry.name == "logit_scale" {
        vector[entry.offset] = configuration.initialLogitScale
      }
    }
    return CLIPModel(configuration, weights: CLIPWeights(vector, layout))
  }

  /// Heads have width 64, and MLPs four times the width of their tower.
  private func shape(
    layers: Int, text: Int, vision: Int, projection: Int, image: Int, patch: Int,
    context: Int = 32, vocabulary: Int = 884
  ) -> CLIPConfiguration {
    func tower(_ width: Int) -> TowerConfiguration {
      TowerConfiguration(
        width: width, mlpWidth: 4 * width, layers: layers, heads: width / 64)
    }
    return CLIPConfiguration(
      text: tower(text), vision: tower(vision), projectionWidth: projection,
      vocabularySize: vocabulary, contextLength: context, endTokenID: Int32(vocabulary - 1),
      imageSize: image, patchSize: patch)
  }
}
