/// Selects the first candidates, whose order is already random.
public struct RandomSelection: SelectionPolicy {
  public init() {}

  public func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    candidates.lazy.map(\.id).prefix(request.size).sorted()
  }
}
