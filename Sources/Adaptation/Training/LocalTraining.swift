import Randomness
import Tensors

/// How a client trains on its own samples in one task.
public struct LocalTraining: Codable, Sendable, Equatable {
  /// What happens to the optimizer's moments between two tasks of a client.
  public enum OptimizerState: String, Codable, Sendable, CaseIterable {
    /// Every task starts with new moments.
    case fresh
    /// The client keeps them, as in FLORA's published code.
    case persistent
  }

  public var loss: Loss
  public var optimizer: Optimizer
  public var batchSize: Int
  public var localEpochs: Int
  public var optimizerState: OptimizerState
  public var techniques: TrainingTechniques
  /// The number of parts into which a batch is split so that idle workers can help, if a tower is
  /// trained. It affects the last bits of the results, but no costs: a device computes its batch as
  /// `techniques` say.
  public var batchParts: Int

  public init(
    loss: Loss = .contrastive, optimizer: Optimizer = Optimizer(), batchSize: Int = 128,
    localEpochs: Int = 1, optimizerState: OptimizerState = .fresh,
    techniques: TrainingTechniques = TrainingTechniques(), batchParts: Int = 1
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.batchSize = batchSize
    self.localEpochs = localEpochs
    self.optimizerState = optimizerState
    self.techniques = techniques
    self.batchParts = batchParts
  }

  /// The batches of one task: each epoch shuffles the samples and keeps the last, shorter batch.
  package func batches(of samples: [Int], client: Int, round: Int, seed: UInt64) -> [[Int]] {
    (0..<localEpochs).flatMap { epoch in
      var stream = RandomStream(seed: seed, purpose: "batches", client, round, epoch)
      let order = stream.shuffled(samples)
      return stride(from: 0, to: order.count, by: batchSize).map {
        Array(order[$0..<min($0 + batchSize, order.count)])
      }
    }
  }
}
