/// Selects the first candidates that have sufficient memory and are expected to finish before the
/// deadline.
///
/// The resource request of FedCS (Nishio and Yonetani, arXiv 1804.08333) without its scheduling of
/// shared uploads, which the simulated network replaces.
public struct ResourceAwareSelection: SelectionPolicy {
  /// Nil if only memory is considered.
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
