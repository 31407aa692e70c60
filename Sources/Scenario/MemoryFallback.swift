/// What a device may change about its task to make it fit its memory.
public enum MemoryFallback: String, Codable, Sendable, CaseIterable {
  /// A smaller batch, which changes what is learned.
  case batch
  /// The cached plan in place of the reference plan, which changes only what it costs.
  case plan
  /// A smaller rank, where the rule by which the server aggregates LoRA has room for it.
  case rank
}
