import Adaptation
import CLIP
import Fleet
import Results
import Scenario
import Tensors

extension Experiment {
  /// Reads or computes the image features that methods with a frozen vision tower share.
  ///
  /// - Parameters:
  ///   - model: the base in the form that computes them.
  ///   - precision: the precision of matrix products.
  ///   - cache: the feature cache; nil to compute all features.
  ///   - extract: starts computing the features of batches.
  func features(
    of model: CLIPModel, _ precision: Precision, on pool: WorkerPool, _ cache: FeatureCache?,
    _ observer: any ProgressObserver, _ extract: FeatureExtraction
  ) -> (FrozenFeatures, FeatureOrigin) {
    let samples = usedSamples
    var keeper = cache.map {
      FeatureKeeper($0, FeatureKey(self, model, precision, on: pool), observer)
    }
    var features =
      keeper?.features(of: samples)
      ?? FrozenFeatures(width: model.configuration.projectionWidth, population: dataset.count)
    let kept = features.samples.count
    if kept > 0 { observer.observe(.readFeatures(kept, of: samples.count)) }
    if kept < samples.count {
      let missing = samples.filter { !features.contains($0) }
      compute(missing, extract, into: &features) { features, done in
        observer.observe(.computingFeatures(done: done, of: missing.count))
        keeper?.keepNowAndThen(features)
      }
      keeper?.keep(features)
    }
    let origin = FeatureOrigin(
      samples: samples.count, fromCache: kept, cacheKey: keeper?.key.digest)
    return (features, origin)
  }

  /// The samples used for training or testing, ascending.
  var usedSamples: [Int] {
    var isUsed = [Bool](repeating: false, count: dataset.count)
    switch shards {
    case .assigned(let shards): for sample in shards.joined() { isUsed[sample] = true }
    case .drawn: for sample in trainSamples { isUsed[sample] = true }
    }
    for sample in heldOut.joined() { isUsed[sample] = true }
    for sample in testSamples { isUsed[sample] = true }
    return isUsed.indices.filter { isUsed[$0] }
  }

  /// The cached features that a run uses; nil unless all are cached.
  func cachedFeatures(
    of model: CLIPModel, _ precision: Precision, on pool: WorkerPool, _ cache: FeatureCache
  ) -> FrozenFeatures? {
    let samples = usedSamples
    let key = FeatureKey(self, model, precision, on: pool)
    guard let features = try? cache.features(of: samples, key),
      samples.allSatisfy(features.contains)
    else { return nil }
    return features
  }

  private func compute(
    _ samples: [Int], _ extract: FeatureExtraction, into features: inout FrozenFeatures,
    _ progress: (FrozenFeatures, Int) -> Void
  ) {
    // A work item covers two batches: much more work than its scheduling, and so little that all
    // workers finish at about the same time, even if a base takes a second for it.
    let pieces = FeatureBatch.covering(samples).chunked(by: 2)
    let pending = pieces.map(extract)
    var done = 0
    for (piece, values) in zip(pieces, pending) {
      let covered = piece.flatMap(\.samples)
      features.append(values.wait(), of: covered)
      done += covered.count
      progress(features, done)
    }
  }

  /// Computes features on this process's workers.
  func extraction(
    _ model: CLIPModel, _ precision: Precision, on pool: WorkerPool
  ) -> FeatureExtraction {
    let packed = precision == .float32 ? model.packedVision : []
    return { [images] piece in
      pool.submit { context in
        context.withPrecision(precision) {
          piece.flatMap { $0.features(images, model, packed: packed, context) }
        }
      }
    }
  }
}

/// Starts computing the features of batches, which arrive in batch order.
typealias FeatureExtraction = @Sendable ([FeatureBatch]) -> PendingResult<[Float]>
