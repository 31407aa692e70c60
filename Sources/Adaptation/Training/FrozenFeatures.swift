import Tensors

/// Image features of unit length from a frozen vision tower, computed once and read by all.
package struct FrozenFeatures: Sendable {
  private let width: Int
  private let values: [Float]
  /// The row of each sample of the data set; -1 where it has none.
  private let rows: [Int32]

  /// - Parameters:
  ///   - values: features [samples.count, width].
  ///   - samples: the sample of each row.
  ///   - population: how many samples the data set has.
  package init(_ values: [Float], width: Int, samples: [Int], population: Int) {
    precondition(values.count == samples.count * width, "a row for each sample")
    self.values = values
    self.width = width
    var rows = [Int32](repeating: -1, count: population)
    for (row, sample) in samples.enumerated() { rows[sample] = Int32(row) }
    self.rows = rows
  }

  /// The rows of the given samples, [samples.count, width].
  package func gather(_ samples: [Int], _ context: ComputeContext) -> Matrix {
    let matrix = context.matrix(samples.count, width)
    values.withUnsafeBufferPointer { values in
      for (target, sample) in samples.enumerated() {
        let row = Int(rows[sample])
        precondition(row >= 0, "a feature for every sample that is used")
        context.copy(
          values.baseAddress! + row * width, to: matrix.base + target * width, count: width)
      }
    }
    return matrix
  }
}
