import Foundation
import TestSupport

@testable import Pretraining

/// A recipe that trains in a second, on drawings and optionally on a corpus of four pictures.
enum SmallRecipe {
  static func text(pictures: String? = nil, steps: Int = 6) -> String {
    let data = pictures.map { "{ drawings: 0.5, pictures: \($0), photographs: 0 }" }
    return """
      name: small
      seed: 3
      data: \(data ?? "{ photographs: 0 }")
      vocabulary: { size: 600, captions: 50 }
      model: { image_size: 8, patch_size: 4, width: 16, heads: 2, layers: 2, context_length: 20 }
      training:
        steps: \(steps)
        batch_size: 9
        learning_rate: 1.0e-3
        warm_up_steps: 2
        checkpoint_every: 2
        evaluate_every: 3
      """
  }

  static func read(_ text: String, in folder: TemporaryFolder) throws -> PretrainingRecipe {
    let file = folder.url.appending(path: "recipe.yaml")
    try Data(text.utf8).write(to: file)
    return try PretrainingRecipe(file: file)
  }
}
