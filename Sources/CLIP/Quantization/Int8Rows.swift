/// Rows of whole numbers from -127 to 127, each times a scale of its own.
enum Int8Rows {
  static func bytes(count: Int, rows: Int) -> Int { count + 4 * rows }

  /// The numbers [rows, columns] as they are read back: q scale, with scale = max |x| / 127 and q the whole
  /// number nearest to x / scale, ties to even.
  static func roundTrip(_ numbers: UnsafeBufferPointer<Float>, rows: Int) -> [Float] {
    let columns = numbers.count / max(1, rows)
    return (0..<rows).flatMap { row in
      let values = numbers[row * columns..<(row + 1) * columns]
      let scale = values.reduce(0) { max($0, abs($1)) } / 127
      guard scale > 0 else { return [Float](repeating: 0, count: columns) }
      return values.map { ($0 / scale).rounded(.toNearestOrEven) * scale }
    }
  }
}
