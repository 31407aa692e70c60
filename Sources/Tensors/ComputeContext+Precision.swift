extension ComputeContext {
  /// What `body` returns, with products of this precision.
  package func withPrecision<Result>(
    _ precision: Precision, _ body: () throws -> Result
  ) rethrows -> Result {
    let before = self.precision
    self.precision = precision
    defer { self.precision = before }
    return try body()
  }
}
