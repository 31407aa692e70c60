/// What a product is added to.
enum ProductStart {
  case nothing
  /// The existing contents of the result.
  case result
  /// The same row for every row of the result.
  case row(UnsafePointer<Float>)

  /// The first row and the distance to the next, for a result at `base` with `columns` columns.
  func rows(
    _ base: UnsafeMutablePointer<Float>, columns: Int
  ) -> (base: UnsafePointer<Float>?, stride: Int) {
    switch self {
    case .nothing: (nil, 0)
    case .result: (UnsafePointer(base), columns)
    case .row(let row): (row, 0)
    }
  }
}
