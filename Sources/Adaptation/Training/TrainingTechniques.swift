import CLIP
import Tensors

/// Techniques that reduce a device's memory or time per step; all of them are actually executed.
public struct TrainingTechniques: Codable, Sendable, Hashable {
  /// What a backward pass recomputes instead of keeping.
  public enum Checkpointing: String, Codable, Sendable, CaseIterable {
    case none
    /// The activations of each transformer block, from the block's input (Chen et al., arXiv
    /// 1604.06174).
    case blocks
  }

  /// The precision of matrix products; parameters, moments, norms, softmax and losses stay float32.
  public var precision: Precision
  /// The storage format of frozen weights.
  public var basePrecision: BasePrecision
  public var checkpointing: Checkpointing
  /// The number of images, and of prompts, per micro-batch; nil for the whole batch.
  ///
  /// Gradients are accumulated over micro-batches. The contrastive loss compares all pairs of the
  /// batch: it first computes the features of all micro-batches, then the loss and its gradient
  /// with respect to the features, then runs each micro-batch again with its part of that gradient
  /// (GradCache, Gao et al., arXiv 2101.06983).
  public var microBatch: Int?

  public init(
    precision: Precision = .float32, basePrecision: BasePrecision = .float32,
    checkpointing: Checkpointing = .none, microBatch: Int? = nil
  ) {
    self.precision = precision
    self.basePrecision = basePrecision
    self.checkpointing = checkpointing
    self.microBatch = microBatch
  }

  /// The settings that differ from `others`, in the scenario's notation: `base_precision=nf4`.
  package func words(beside others: TrainingTechniques) -> [String] {
    var words: [String] = []
    if checkpointing != others.checkpointing {
      words.append("checkpointing=\(checkpointing.rawValue)")
    }
    if microBatch != others.microBatch {
      words.append("micro_batch=\(microBatch.map(String.init) ?? "all")")
    }
    if precision != others.precision { words.append("precision=\(precision.rawValue)") }
    if basePrecision != others.basePrecision {
      words.append("base_precision=\(basePrecision.rawValue)")
    }
    return words
  }

  /// Consecutive micro-batches that run in sequence.
  package func pieces(of count: Int) -> [Range<Int>] {
    guard let microBatch, count > microBatch else { return [0..<count] }
    return stride(from: 0, to: count, by: microBatch).map { $0..<min($0 + microBatch, count) }
  }
}
