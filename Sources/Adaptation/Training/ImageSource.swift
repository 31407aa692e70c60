import CLIP
import Datasets
import Tensors

/// The images of a data set as inputs of a model's vision tower.
package struct ImageSource: Sendable {
  package let dataset: ImageDataset
  package let preprocessor: ImagePreprocessor
  private let pixelCount: Int

  package init(
    _ dataset: ImageDataset, _ preprocessor: ImagePreprocessor, _ configuration: CLIPConfiguration
  ) {
    self.dataset = dataset
    self.preprocessor = preprocessor
    pixelCount = configuration.pixelCount
  }

  /// Preprocessed pixels of the given samples, [samples.count, channels * size * size].
  package func pixels(_ samples: [Int], _ context: ComputeContext) -> Matrix {
    let matrix = context.matrix(samples.count, pixelCount)
    for (row, sample) in samples.enumerated() {
      let target = UnsafeMutableBufferPointer(
        start: matrix.base + row * pixelCount, count: pixelCount)
      dataset.image(sample).withUnsafeBufferPointer {
        preprocessor.process(
          $0, count: 1, height: dataset.height, width: dataset.width, channels: dataset.channels,
          into: target)
      }
    }
    return matrix
  }

  /// Computes rows for `FrozenFeatures`: the normalised feature of each given sample, followed by
  /// its original norm, [samples.count, projection + 1].
  ///
  /// - Parameter packed: the tower's packed weights, by parameter index; empty if not packed.
  package func features(
    _ samples: [Int], _ model: CLIPModel, packed: [PackedWeight?] = [], _ context: ComputeContext
  ) -> [Float] {
    var table = model.table
    if !packed.isEmpty { table.packed = packed }
    let pixels = pixels(samples, context)
    defer { pixels.recycle() }
    let features = model.features(of: pixels, table, context)
    let (unit, width) = (features.rows.elements, features.rows.columns)
    return features.lengths.enumerated().flatMap { row, length in
      unit[row * width..<(row + 1) * width] + [length]
    }
  }
}
