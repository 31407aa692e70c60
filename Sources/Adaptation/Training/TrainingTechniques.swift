import CLIP
import Tensors

/// How a device spends less memory or time on a step; every one of them is really computed.
public struct TrainingTechniques: Codable, Sendable, Hashable {
  /// What a backward pass computes again in place of keeping it.
  public enum Checkpointing: String, Codable, Sendable, CaseIterable {
    case none
    /// The activations of each transformer block, from the block's input (Chen et al., arXiv 1604.06174).
    case blocks
  }

  /// What matrix products are computed in; parameters, moments, norms, softmax and losses stay float32.
  public var precision: Precision
  /// What frozen weights are stored in.
  public var basePrecision: BasePrecision
  public var checkpointing: Checkpointing
  /// How many images, and how many prompts, a pass takes at a time; nil for the whole batch.
  ///
  /// Gradients are accumulated over the pieces. The contrastive loss compares all pairs of the batch: the
  /// features of all pieces are computed first, then the loss and its gradient with respect to the
  /// features, then each piece again with its part of that gradient (GradCache, Gao et al., arXiv 2101.06983).
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

  /// What differs from other techniques, as scenarios write it: `base_precision=nf4`.
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

  /// Consecutive pieces that are passed one after the other.
  package func pieces(of count: Int) -> [Range<Int>] {
    guard let microBatch, count > microBatch else { return [0..<count] }
    return stride(from: 0, to: count, by: microBatch).map { $0..<min($0 + microBatch, count) }
  }
}
