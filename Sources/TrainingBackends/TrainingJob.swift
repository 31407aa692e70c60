import Adaptation
import Federation
import Tensors

/// Clients that are trained together from one version, with all that their training depends on beside the data.
package struct TrainingJob: Codable, Sendable {
  package let model: ClientModel
  package let techniques: TrainingTechniques
  package let members: [Member]

  package struct Member: Codable, Sendable {
    package let client: Int
    /// Tells the order of its samples from that of its other tasks.
    package let taskSeed: Int
    package let batchSize: Int
    /// What its optimizer remembers, where that is persistent.
    package let memory: OptimizerMemory?
    /// What is added to its gradients; nil for nothing.
    package let correction: GradientCorrection?

    package init(
      client: Int, taskSeed: Int, batchSize: Int, memory: OptimizerMemory?,
      correction: GradientCorrection?
    ) {
      self.client = client
      self.taskSeed = taskSeed
      self.batchSize = batchSize
      self.memory = memory
      self.correction = correction
    }
  }

  package init(model: ClientModel, techniques: TrainingTechniques, members: [Member]) {
    self.model = model
    self.techniques = techniques
    self.members = members
  }
}

/// What a client's training has brought.
package struct TrainingResult: Codable, Sendable {
  /// The trained numbers less those that it started from.
  package let change: [Float]
  package let steps: Int
  /// The mean over the samples of their batch's loss before its step.
  package let meanLoss: Double
  /// What its optimizer remembers now, where that is persistent.
  package let memory: OptimizerMemory?

  init(_ result: ClientTrainer.Result) {
    change = result.delta
    steps = result.steps
    meanLoss = result.meanLoss
    memory = result.memory
  }
}
