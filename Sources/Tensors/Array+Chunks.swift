extension Array {
  /// `count` parts, whose lengths differ by one at most, the longer ones first; without empty parts.
  package func split(into count: Int) -> [[Element]] {
    let (length, longer) = self.count.quotientAndRemainder(dividingBy: Swift.max(1, count))
    var start = 0
    return (0..<Swift.min(count, self.count)).map { part in
      let end = start + length + (part < longer ? 1 : 0)
      defer { start = end }
      return Array(self[start..<end])
    }
  }

  /// Chunks of `size` elements; the last one may be shorter.
  package func chunked(by size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
