import Adaptation
import Fleet

extension Experiment {
  /// Computes the image features that methods with a frozen vision tower share.
  package mutating func computeFeatures(on pool: WorkerPool, _ observer: any ProgressObserver) {
    guard methods.contains(where: { !$0.adapted.trainsVision }) else { return }
    let samples = usedSamples
    var features = FrozenFeatures(
      width: model.configuration.projectionWidth, population: dataset.count)
    compute(samples, on: pool, into: &features) { _, done in
      observer.observe(.computingFeatures(done: done, of: samples.count))
    }
    self.features = features
  }

  /// The samples that are trained on or tested with, ascending.
  private var usedSamples: [Int] {
    var isUsed = [Bool](repeating: false, count: dataset.count)
    for sample in shards.joined() { isUsed[sample] = true }
    for sample in testSamples { isUsed[sample] = true }
    return isUsed.indices.filter { isUsed[$0] }
  }

  private func compute(
    _ samples: [Int], on pool: WorkerPool, into features: inout FrozenFeatures,
    _ progress: (FrozenFeatures, Int) -> Void
  ) {
    // A piece of work is several batches long, so that handing it out costs nothing beside it.
    let pieces = FeatureBatch.covering(samples).chunked(by: 8)
    let pending = pieces.map { piece in
      pool.submit { [images, model] context in
        piece.flatMap { $0.features(images, model, context) }
      }
    }
    var done = 0
    for (piece, values) in zip(pieces, pending) {
      let covered = piece.flatMap(\.samples)
      features.append(values.wait(), of: covered)
      done += covered.count
      progress(features, done)
    }
  }
}
