import Tensors

/// Image features from a frozen vision tower, computed once and shared.
///
/// A row has a sample's normalised feature followed by its original norm: most methods read the
/// normalised feature, and those that adapt features read both.
package struct FrozenFeatures: Sendable {
  /// The width of a feature vector.
  package let width: Int
  /// The sample of each row.
  package private(set) var samples: [Int]
  /// [samples.count, width + 1]
  private var values: [Float]
  /// The row of each sample of the data set; -1 if it has none.
  private var rows: [Int32]

  /// The width of a row.
  package static func columns(width: Int) -> Int { width + 1 }

  /// - Parameters:
  ///   - values: rows [samples.count, width + 1].
  ///   - samples: the sample of each row.
  ///   - population: the number of samples in the data set.
  package init(_ values: [Float], width: Int, samples: [Int], population: Int) {
    self.init(width: width, population: population)
    append(values, of: samples)
  }

  /// Creates an empty cache.
  package init(width: Int, population: Int) {
    self.width = width
    samples = []
    values = []
    rows = [Int32](repeating: -1, count: population)
  }

  /// Adds rows [samples.count, width + 1] for samples that have none yet.
  package mutating func append(_ values: [Float], of samples: [Int]) {
    precondition(values.count == samples.count * columns, "a row for each sample")
    for sample in samples {
      precondition(rows[sample] < 0, "no sample has two rows")
      rows[sample] = Int32(self.samples.count)
      self.samples.append(sample)
    }
    self.values += values
  }

  package func contains(_ sample: Int) -> Bool { rows[sample] >= 0 }

  /// The row of a sample, [width + 1].
  package subscript(sample: Int) -> ArraySlice<Float> {
    let start = start(of: sample)
    return values[start..<start + columns]
  }

  /// The normalised features of the given samples, [samples.count, width].
  package func gather(_ samples: [Int], _ context: ComputeContext) -> Matrix {
    gather(samples, context) { _, _ in }
  }

  /// The features of the given samples before normalisation, [samples.count, width].
  package func gatherRaw(_ samples: [Int], _ context: ComputeContext) -> Matrix {
    gather(samples, context) { feature, length in
      for column in 0..<width { feature[column] *= length }
    }
  }

  private func gather(
    _ samples: [Int], _ context: ComputeContext,
    _ finish: (_ feature: UnsafeMutablePointer<Float>, _ length: Float) -> Void
  ) -> Matrix {
    let matrix = context.matrix(samples.count, width)
    values.withUnsafeBufferPointer { values in
      for (row, sample) in samples.enumerated() {
        let start = start(of: sample)
        let target = matrix.base + row * width
        context.copy(values.baseAddress! + start, to: target, count: width)
        finish(target, values[start + width])
      }
    }
    return matrix
  }

  private var columns: Int { Self.columns(width: width) }

  /// The index of a sample's row in `values`.
  private func start(of sample: Int) -> Int {
    let row = Int(rows[sample])
    precondition(row >= 0, "a feature for every sample that is used")
    return row * columns
  }
}
