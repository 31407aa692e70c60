/// The first candidates that have the memory and are expected to be done before the deadline.
///
/// The request of FedCS (Nishio and Yonetani, arXiv 1804.08333) for devices that can finish in time,
/// without its schedule of shared uploads, which the simulated network has instead.
public struct ResourceAwareSelection: SelectionPolicy {
  /// Nil where only the memory counts.
  public let deadlineSeconds: Double?

  public init(deadlineSeconds: Double?) {
    self.deadlineSeconds = deadlineSeconds
  }

  public func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    candidates.lazy.filter(isAble).map(\.id).prefix(request.size).sorted()
  }

  private func isAble(_ candidate: some SelectionCandidate) -> Bool {
    guard candidate.fitsMemory else { return false }
    guard let deadlineSeconds else { return true }
    return candidate.estimatedSeconds <= deadlineSeconds
  }
}
