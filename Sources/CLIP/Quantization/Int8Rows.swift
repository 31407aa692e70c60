/// Rows of integers from -127 to 127 with one scale each, as in bitsandbytes' quantisation of a
/// layer's outputs.
enum Int8Rows {
  /// One byte per value and four per row.
  static func bytes(count: Int, rows: Int) -> Int { count + 4 * rows }

  /// The dequantised values [rows, columns]: (q m) / 127, where m is the row's largest magnitude
  /// and q is the integer nearest to x (127 / m), ties to even, all in float32.
  ///
  /// A row for which 127 / m overflows float32 is read back as zeros.
  static func roundTrip(_ numbers: UnsafeBufferPointer<Float>, rows: Int) -> [Float] {
    let columns = numbers.count / max(1, rows)
    return (0..<rows).flatMap { row -> [Float] in
      let values = numbers[row * columns..<(row + 1) * columns]
      let magnitude = values.reduce(0) { max($0, abs($1)) }
      let factor = 127 / magnitude
      guard factor.isFinite else { return [Float](repeating: 0, count: columns) }
      return values.map { ($0 * factor).rounded(.toNearestOrEven) * magnitude * (1 / 127) }
    }
  }
}
