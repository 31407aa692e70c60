import Adaptation
import CLIP
import Tensors

/// Samples whose image features are computed together, in batches of fixed size with a fixed row
/// for each sample.
///
/// With Accelerate, the bits of a product's row may depend on the number of rows and on the row's
/// index. Here a sample's row is its index modulo the batch size, and unused rows are padded, so
/// that the bits of its features depend only on the sample: not on the other samples of a run, nor
/// on what was already cached.
struct FeatureBatch: Sendable {
  /// Fixed rows lead to partially filled batches. A small batch size limits the waste for random
  /// samples, and is as fast as a large one.
  static let size = 16

  /// The samples whose features are computed, each with a different row, in ascending order of row.
  let samples: [Int]

  /// Batches that cover distinct samples.
  static func covering(_ samples: [Int]) -> [FeatureBatch] {
    var queues = [[Int]](repeating: [], count: size)
    for sample in samples { queues[sample % size].append(sample) }
    let count = queues.map(\.count).max() ?? 0
    return (0..<count).map { batch in
      FeatureBatch(samples: queues.compactMap { batch < $0.count ? $0[batch] : nil })
    }
  }

  /// The rows of `samples` for `FrozenFeatures`.
  ///
  /// - Parameter packed: as in `ImageSource.features`.
  func features(
    _ images: ImageSource, _ model: CLIPModel, packed: [PackedWeight?] = [],
    _ context: ComputeContext
  ) -> [Float] {
    var placed = [Int](repeating: samples[0], count: Self.size)
    for sample in samples { placed[sample % Self.size] = sample }
    let rows = images.features(placed, model, packed: packed, context)
    let columns = FrozenFeatures.columns(width: model.configuration.projectionWidth)
    return samples.flatMap { sample in
      rows[sample % Self.size * columns..<(sample % Self.size + 1) * columns]
    }
  }
}
