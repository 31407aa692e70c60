import CLIP
import Tensors

@testable import Adaptation

/// One step over all images of the data set, through both towers.
extension TinyTraining {
  func gradient(
    at parameters: [Float], _ loss: Loss, _ precision: Precision = .float32
  ) -> [Float] {
    let context = ComputeContext()
    context.precision = precision
    let vector = context.matrix(1, parameters.count, copying: parameters)
    let gradient = context.matrix(1, parameters.count, zeroed: true)
    _ = run(adapted.table(vector, gradient: gradient), loss, context)
    return withExtendedLifetime(vector) { gradient.elements }
  }

  func loss(at parameters: [Float], _ loss: Loss) -> Double {
    let context = ComputeContext()
    let vector = context.matrix(1, parameters.count, copying: parameters)
    return withExtendedLifetime(vector) {
      run(adapted.table(vector, gradient: nil), loss, context)
    }
  }

  /// Accumulates the gradients that the table requests, and returns the loss.
  func run(_ table: ParameterTable, _ loss: Loss, _ context: ComputeContext) -> Double {
    let samples = Array(images.dataset.labels.indices)
    return adapted.step(table, loss).run(
      images: .pixels(images.pixels(samples, context)), prompts: .texts(prompts.texts),
      targets: labels(of: samples), context)
  }

  /// The classes whose prompts a batch needs, and each image's target among them; for a classifier,
  /// the classes themselves.
  func targets(of batch: [Int], _ loss: Loss) -> (classes: [Int], targets: [Int]) {
    let labels = labels(of: batch)
    guard adapted.readsPrompts else { return ([], labels) }
    let classes = loss == .contrastive ? Set(labels).sorted() : [0, 1, 2]
    return (classes, labels.map { classes.firstIndex(of: $0)! })
  }
}
