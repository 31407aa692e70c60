import CLIP
import Tensors

/// Evaluates a base on photographs and on held-out pictures.
struct BaseEvaluator: Sendable {
  /// Nil without photographs.
  let zeroShot: ZeroShotTest?
  /// Nil if the corpora have no held-out part.
  let pictures: HeldOutPictures?

  func score(_ model: CLIPModel, on pool: WorkerPool) -> BaseScore {
    BaseScore(
      zeroShot: zeroShot?.accuracy(of: model, on: pool),
      recall: pictures?.recall(of: model, on: pool))
  }
}
