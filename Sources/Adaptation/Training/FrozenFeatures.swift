import Tensors

/// Image features of unit length from a frozen vision tower, computed once and read by all.
package struct FrozenFeatures: Sendable {
  package let width: Int
  /// The sample of each row.
  package private(set) var samples: [Int]
  /// [samples.count, width]
  private var values: [Float]
  /// The row of each sample of the data set; -1 where it has none.
  private var rows: [Int32]

  /// - Parameters:
  ///   - values: features [samples.count, width].
  ///   - samples: the sample of each row.
  ///   - population: how many samples the data set has.
  package init(_ values: [Float], width: Int, samples: [Int], population: Int) {
    self.init(width: width, population: population)
    precondition(values.count == samples.count * width, "a row for each sample")
    place(samples)
    self.values = values
  }

  /// Features of no sample yet.
  package init(width: Int, population: Int) {
    self.width = width
    samples = []
    values = []
    rows = [Int32](repeating: -1, count: population)
  }

  /// Adds the features [samples.count, width] of samples that have none yet.
  package mutating func append(_ values: [Float], of samples: [Int]) {
    precondition(values.count == samples.count * width, "a row for each sample")
    place(samples)
    self.values += values
  }

  /// Gives each sample the next row.
  private mutating func place(_ samples: [Int]) {
    for sample in samples {
      precondition(rows[sample] < 0, "no sample has two rows")
      rows[sample] = Int32(self.samples.count)
      self.samples.append(sample)
    }
  }

  package func contains(_ sample: Int) -> Bool { rows[sample] >= 0 }

  /// The features of a sample, [width].
  package subscript(sample: Int) -> ArraySlice<Float> {
    let row = Int(rows[sample])
    precondition(row >= 0, "a feature for every sample that is used")
    return values[row * width..<(row + 1) * width]
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
