import Adaptation
import CLIP
import Tensors

/// Samples whose image features are computed together.
///
/// The bits of a sample's features depend only on the sample: not on the other samples of a run, nor
/// on what was already cached. Where the bits of a product's row may depend on the number of rows and
/// on the row's index, as with Accelerate, a sample's row is its index modulo the batch size, and
/// unused rows are padded.
struct FeatureBatch: Sendable {
  /// As fast as larger batches. With fixed rows, a small size limits the waste for random samples.
  static let size = 16

  /// The samples whose features are computed, in the order of their rows.
  let samples: [Int]

  /// Whether each sample has a fixed row.
  var fixedRows = !BLAS.rowsAreIndependent

  /// Batches that cover distinct samples.
  static func covering(
    _ samples: [Int], fixedRows: Bool = !BLAS.rowsAreIndependent
  ) -> [FeatureBatch] {
    guard fixedRows else {
      return samples.chunked(by: size).map { FeatureBatch(samples: $0, fixedRows: false) }
    }
    var queues = [[Int]](repeating: [], count: size)
    for sample in samples { queues[sample % size].append(sample) }
    let count = queues.map(\.count).max() ?? 0
    return (0..<count).map { batch in
      FeatureBatch(
        samples: queues.compactMap { batch < $0.count ? $0[batch] : nil }, fixedRows: true)
    }
  }

  /// The rows of `samples` for `FrozenFeatures`.
  ///
  /// - Parameter packed: as in `ImageSource.features`.
  func features(
    _ images: ImageSource, _ model: CLIPModel, packed: [PackedWeight?] = [],
    _ context: ComputeContext
  ) -> [Float] {
    guard fixedRows else { return images.features(samples, model, packed: packed, context) }
    var placed = [Int](repeating: samples[0], count: Self.size)
    for sample in samples { placed[sample % Self.size] = sample }
    let rows = images.features(placed, model, packed: packed, context)
    let columns = FrozenFeatures.columns(width: model.configuration.projectionWidth)
    return samples.flatMap { sample in
      rows[sample % Self.size * columns..<(sample % Self.size + 1) * columns]
    }
  }
}
