/// What a device may change about its task to fit its memory.
public enum MemoryFallback: String, Codable, Sendable, CaseIterable {
  /// A smaller batch, which changes the trained model.
  case batch
  /// The cached plan instead of the reference plan, which changes only the cost.
  case plan
  /// A smaller rank, if the LoRA aggregation rule supports different ranks.
  case rank
  /// Activation checkpointing: recomputation takes time and does not change the trained model.
  case checkpointing
  /// Gradient accumulation over micro-batches, which takes time and changes the trained model only
  /// by rounding.
  case microBatch = "micro_batch"
  /// Matrix products in bfloat16.
  case precision
  /// Frozen weights in bfloat16, int8 or nf4, whichever is the first that fits.
  case basePrecision = "base_precision"
}
