/// The first candidates, whose order is random already.
public struct RandomSelection: SelectionPolicy {
  public init() {}

  public func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    candidates.lazy.map(\.id).prefix(request.size).sorted()
  }
}
