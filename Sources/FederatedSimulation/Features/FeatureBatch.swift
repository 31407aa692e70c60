import Adaptation
import CLIP
import Tensors

/// Samples whose image features are computed together, always as many and each in its own place.
///
/// The bits of a product's row depend on how many rows there are and, with some kernels (OpenBLAS's for
/// AVX2), on which one it is. Here a sample's place is its index modulo the size of a batch, and places
/// that are left over are filled, so that the bits of its features depend on the sample alone: neither
/// on what else a run uses nor on what it found computed.
struct FeatureBatch: Sendable {
  /// The price of fixed places is a batch that is not full. A small batch keeps it low where samples
  /// are drawn at random, and is as fast as a large one.
  static let size = 16

  /// Those whose features are wanted, each at another place; their places ascend.
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
  /// - Parameter packed: as `ImageSource.features` takes it.
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
