import Testing

/// Rows and columns of a test's matrices.
struct Shape: CustomTestStringConvertible {
  let rows: Int
  let columns: Int

  var count: Int { rows * columns }
  var testDescription: String { "\(rows) x \(columns)" }

  /// Single elements, and rows shorter than, longer than and equal to multiples of a vector.
  static let all = [1, 3, 17, 64, 129].flatMap { columns in
    [1, 4].map { Shape(rows: $0, columns: columns) }
  }
}

/// The rows of a row-major matrix, in double precision.
func doubleRows(_ numbers: [Float], columns: Int) -> [[Double]] {
  stride(from: 0, to: numbers.count, by: columns).map {
    numbers[$0..<($0 + columns)].map(Double.init)
  }
}
