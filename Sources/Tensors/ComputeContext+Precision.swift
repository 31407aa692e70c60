extension ComputeContext {
  /// Runs `body` with this precision of products, and returns its result.
  package func withPrecision<Result>(
    _ precision: Precision, _ body: () throws -> Result
  ) rethrows -> Result {
    let before = self.precision
    self.precision = precision
    defer { self.precision = before }
    return try body()
  }
}
