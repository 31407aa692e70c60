extension Range<Int> {
  /// The part at `index` of so many consecutive parts, whose lengths differ by one at most.
  package func part(_ index: Int, of parts: Int) -> Range<Int> {
    lowerBound + index * count / parts..<lowerBound + (index + 1) * count / parts
  }
}
