import Adaptation
import CLIP
import Datasets
import Foundation
import Tensors

/// Measures a base on photographs and on held-out pictures, in batches that workers share.
struct BaseEvaluator: Sendable {
  private let photographs: ImageSource?
  private let samples: [Int]
  private let prompts: [[Int32]]
  private let pictures: HeldOutPictures?

  /// - Parameters:
  ///   - photographs: images, whose class names the zero-shot prompt is made with; nil for none.
  ///   - samples: which of the photographs to look at.
  ///   - pictures: held-out pictures of the corpora; nil for none.
  init(
    photographs: ImageSource?, samples: [Int], prompts: [[Int32]], pictures: HeldOutPictures?
  ) {
    self.photographs = photographs
    self.samples = samples
    self.prompts = prompts
    self.pictures = pictures
  }

  func score(_ model: CLIPModel, on pool: WorkerPool) -> BaseScore {
    BaseScore(
      zeroShot: photographs.map { zeroShot($0, model, pool) },
      recall: pictures.map { recall($0, model, pool) })
  }

  private func zeroShot(_ images: ImageSource, _ model: CLIPModel, _ pool: WorkerPool) -> Double {
    let correct = pool.map(samples.chunked(by: 256)) { [prompts] batch, context in
      let classes = TextBatch(prompts, model.configuration)
      let t = model.features(of: classes, model.table, context)
      let z = model.features(of: images.pixels(batch, context), model.table, context)
      let cosines = context.matrix(batch.count, prompts.count)
      context.multiply(
        z.rows.view, .asIs, t.rows.view, .transposed, into: cosines.view, alpha: 1)
      return zip(batch, 0...).count { sample, row in
        let values = UnsafeBufferPointer(
          start: cosines.base + row * prompts.count, count: prompts.count)
        return values.firstIndex(of: values.max()!) == Int(images.dataset.labels[sample])
      }
    }
    return Double(correct.reduce(0, +)) / Double(samples.count)
  }

  private func recall(_ held: HeldOutPictures, _ model: CLIPModel, _ pool: WorkerPool)
    -> RetrievalRecall
  {
    pool.submit { context in
      let t = model.features(
        of: TextBatch(held.captions, model.configuration), model.table, context)
      let width = model.configuration.pixelCount
      let pixels = context.matrix(held.targets.count, width, copying: held.pixels)
      let z = model.features(of: pixels, model.table, context)
      let cosines = context.matrix(held.captions.count, held.targets.count)
      context.multiply(
        t.rows.view, .asIs, z.rows.view, .transposed, into: cosines.view, alpha: 1)
      return RetrievalRecall(
        cosines: cosines.elements, captions: held.captions.count, targets: held.targets)
    }.wait()
  }
}
