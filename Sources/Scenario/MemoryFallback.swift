/// What a device may change about its task to make it fit its memory.
public enum MemoryFallback: String, Codable, Sendable, CaseIterable {
  /// A smaller batch, which changes what is learned.
  case batch
  /// The cached plan in place of the reference plan, which changes only what it costs.
  case plan
  /// A smaller rank, where the rule by which the server aggregates LoRA has room for it.
  case rank
  /// Activations that are computed again, which takes time and changes nothing that is learned.
  case checkpointing
  /// A batch in pieces, which takes time and changes what is learned by rounding alone.
  case microBatch = "micro_batch"
  /// Matrix products in bfloat16.
  case precision
  /// Frozen weights in bfloat16, int8 or nf4, whichever is the first that fits.
  case basePrecision = "base_precision"
}
