import Adaptation
import Federation
import Randomness
import Tensors

/// Clients that are trained together from one version, with all that their training depends on beside the data.
package struct TrainingJob: Codable, Sendable {
  package let model: ClientModel
  package let techniques: TrainingTechniques
  package let members: [Member]
  /// How changes are sent; nil where the server's loop encodes what the algorithm makes of them.
  package let upload: Upload?

  /// How clients send their changes, and what stochastic rounding draws from.
  package struct Upload: Codable, Sendable {
    package let transport: UpdateTransport
    package let seed: UInt64

    package init(_ transport: UpdateTransport, seed: UInt64) {
      self.transport = transport
      self.seed = seed
    }

    /// What the server decodes of a client's message.
    ///
    /// - Throws: `PayloadError` where the codec has no place for a number.
    package func carried(
      _ message: [Float], client: Int, taskSeed: Int, residual: ErrorFeedback
    ) throws(PayloadError) -> TrainingResult.Received {
      var (random, residual) = (
        RandomStream(seed: seed, purpose: "payload", client, taskSeed), residual
      )
      let numbers = try transport.carried(message, residual: &residual, using: &random)
      return .init(numbers: numbers, residual: Kept(residual))
    }
  }

  package struct Member: Codable, Sendable {
    package let client: Int
    /// Tells the order of its samples from that of its other tasks.
    package let taskSeed: Int
    package let batchSize: Int
    /// What its optimizer remembers, where that is persistent.
    package let memory: Kept<OptimizerMemory>?
    /// What is added to its gradients; nil for nothing.
    package let correction: GradientCorrection?
    /// What its codec has dropped of earlier updates.
    package let residual: Kept<ErrorFeedback>

    package init(
      client: Int, taskSeed: Int, batchSize: Int, memory: Kept<OptimizerMemory>?,
      correction: GradientCorrection?, residual: Kept<ErrorFeedback> = Kept(ErrorFeedback())
    ) {
      self.client = client
      self.taskSeed = taskSeed
      self.batchSize = batchSize
      self.memory = memory
      self.correction = correction
      self.residual = residual
    }
  }

  package init(
    model: ClientModel, techniques: TrainingTechniques, members: [Member], upload: Upload? = nil
  ) {
    self.model = model
    self.techniques = techniques
    self.members = members
    self.upload = upload
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
  package let memory: Kept<OptimizerMemory>?
  /// Whether all numbers of the change are finite.
  package let isFinite: Bool
  /// What the server has of the change when it has been sent; nil where the job does not say how, and where the codec
  /// has no place for a number of it.
  package let received: Received?

  /// A message as the server decodes it, and what the codec has dropped of it.
  package struct Received: Codable, Sendable {
    package let numbers: [Float]
    package let residual: Kept<ErrorFeedback>

    package init(numbers: [Float], residual: Kept<ErrorFeedback>) {
      self.numbers = numbers
      self.residual = residual
    }
  }

  package init(
    change: [Float], steps: Int, meanLoss: Double, memory: Kept<OptimizerMemory>?, isFinite: Bool,
    received: Received?
  ) {
    self.change = change
    self.steps = steps
    self.meanLoss = meanLoss
    self.memory = memory
    self.isFinite = isFinite
    self.received = received
  }

  init(_ result: ClientTrainer.Result, _ member: TrainingJob.Member, _ upload: TrainingJob.Upload?)
  {
    change = result.delta
    isFinite = change.allSatisfy(\.isFinite)
    received =
      isFinite
      ? try? upload?.carried(
        change, client: member.client, taskSeed: member.taskSeed,
        residual: member.residual.value) : nil
    steps = result.steps
    meanLoss = result.meanLoss
    memory = result.memory.map { Kept($0) }
  }
}
