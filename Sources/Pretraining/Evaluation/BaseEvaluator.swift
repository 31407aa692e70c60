import CLIP
import Tensors

/// Measures a base on photographs and on held-out pictures.
struct BaseEvaluator: Sendable {
  /// Nil where there are no photographs.
  let zeroShot: ZeroShotTest?
  /// Nil where the corpora hold none back.
  let pictures: HeldOutPictures?

  func score(_ model: CLIPModel, on pool: WorkerPool) -> BaseScore {
    BaseScore(
      zeroShot: zeroShot?.accuracy(of: model, on: pool),
      recall: pictures?.recall(of: model, on: pool))
  }
}
