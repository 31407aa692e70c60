import Adaptation
import CLIP
import Tensors

/// Zero-shot classification of photographs by the nearest class prompt.
struct ZeroShotTest: Sendable {
  let images: ImageSource
  /// The images to evaluate.
  let samples: [Int]
  /// The tokens of each class's prompt.
  let prompts: [[Int32]]

  /// The share of samples whose nearest prompt is that of their own class.
  func accuracy(of model: CLIPModel, on pool: WorkerPool) -> Double {
    let classes = pool.submit { [prompts] context in
      model.features(of: TextBatch(prompts, model.configuration), model.table, context)
        .rows.elements
    }.wait()
    let correct = pool.map(samples.chunked(by: 256)) { [images, prompts] batch, context in
      let z = model.features(of: images.pixels(batch, context), model.table, context)
      let cosines = context.matrix(batch.count, prompts.count)
      classes.withUnsafeBufferPointer {
        let t = MatrixView(
          reading: $0.baseAddress!, rows: prompts.count, columns: z.rows.columns)
        context.multiply(z.rows.view, .asIs, t, .transposed, into: cosines.view, alpha: 1)
      }
      return zip(batch, 0...).count { sample, row in
        let values = UnsafeBufferPointer(
          start: cosines.base + row * prompts.count, count: prompts.count)
        return values.firstIndex(of: values.max()!) == Int(images.dataset.labels[sample])
      }
    }
    return Double(correct.reduce(0, +)) / Double(samples.count)
  }
}
