/// Any selection policy with its state, as one Codable value.
public enum ClientSelection: SelectionPolicy {
  case random(RandomSelection)
  case samples(SampleWeightedSelection)
  case classes(ClassQuotaSelection)
  case powerOfChoice(PowerOfChoiceSelection)
  case oort(OortSelection)
  case resources(ResourceAwareSelection)

  public mutating func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    switch self {
    case .random(let policy): return policy.select(request, among: candidates)
    case .samples(let policy): return policy.select(request, among: candidates)
    case .classes(var policy):
      defer { self = .classes(policy) }
      return policy.select(request, among: candidates)
    case .powerOfChoice(let policy): return policy.select(request, among: candidates)
    case .resources(let policy): return policy.select(request, among: candidates)
    case .oort(var policy):
      defer { self = .oort(policy) }
      return policy.select(request, among: candidates)
    }
  }

  public mutating func observe(_ report: TaskReport) {
    switch self {
    case .powerOfChoice(var policy):
      policy.observe(report)
      self = .powerOfChoice(policy)
    case .oort(var policy):
      policy.observe(report)
      self = .oort(policy)
    case .random, .samples, .classes, .resources: break
    }
  }

  public mutating func observeInsufficientMemory(of client: Int) {
    switch self {
    case .powerOfChoice(var policy):
      policy.observeInsufficientMemory(of: client)
      self = .powerOfChoice(policy)
    case .oort(var policy):
      policy.observeInsufficientMemory(of: client)
      self = .oort(policy)
    case .random, .samples, .classes, .resources: break
    }
  }
}
