/// Draws devices without replacement with probabilities proportional to their samples.
///
/// With equally weighted updates, this is the sampling of Li et al., arXiv 1907.02189, section 3,
/// Scheme I, except that no device is drawn twice.
public struct SampleWeightedSelection: SelectionPolicy {
  public let seed: UInt64

  public init(seed: UInt64) {
    self.seed = seed
  }

  public func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    WeightedDraw(seed: seed, purpose: "selection by samples", round: request.draw)
      .draw(request.size, from: candidates.lazy.map { ($0.id, Double($0.samples)) })
  }
}
