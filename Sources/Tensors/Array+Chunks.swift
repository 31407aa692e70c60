extension Array {
  /// Chunks of `size` elements; the last one may be shorter.
  package func chunked(by size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
