import CLIP
import Foundation
import Tensors

/// How well a base finds the held-out pictures of a corpus by their captions.
package enum RetrievalMeasurement {
  /// - Parameter corpus: the folder of the pictures, with their `manifest.csv`.
  /// - Throws: `PictureCorpusError` or `CutOutPictureError` where it cannot be read.
  package static func recall(
    of model: CLIPModel, _ tokenizer: CLIPTokenizer, _ preprocessor: ImagePreprocessor,
    corpus: URL, on pool: WorkerPool
  ) throws -> RetrievalRecall {
    let heldOut = try PictureCorpus(directory: corpus).heldOut
    guard !heldOut.isEmpty else {
      throw PictureCorpusError("\(corpus.path) holds no picture back; its manifest.csv lists none.")
    }
    let pictures = HeldOutPictures(
      heldOut, tokenizer, preprocessor, contextLength: model.configuration.contextLength)
    return BaseEvaluator(photographs: nil, samples: [], prompts: [], pictures: pictures)
      .score(model, on: pool).recall!
  }
}
