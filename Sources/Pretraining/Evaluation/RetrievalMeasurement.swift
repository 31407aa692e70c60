import CLIP
import Foundation
import Tensors

/// Measures how well captions retrieve the held-out pictures of a corpus.
package enum RetrievalMeasurement {
  /// - Parameters:
  ///   - corpus: the folder of the pictures, with their `manifest.csv`.
  ///   - tokens: tokenizes a caption.
  /// - Throws: `PictureCorpusError` or `CutOutPictureError` if it cannot be read.
  package static func recall(
    of model: CLIPModel, _ preprocessor: ImagePreprocessor, corpus: URL, on pool: WorkerPool,
    tokens: (String) -> [Int32]
  ) throws -> RetrievalRecall {
    let heldOut = try PictureCorpus(directory: corpus).heldOut
    guard !heldOut.isEmpty else {
      throw PictureCorpusError("\(corpus.path) has no held-out pictures in its manifest.csv.")
    }
    return HeldOutPictures(heldOut, preprocessor, tokens: tokens).recall(of: model, on: pool)
  }
}
