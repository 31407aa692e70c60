import Adaptation
import Federation
import Randomness
import Tensors

/// Clients that are trained together from one version, with everything that their training depends
/// on except the data.
package struct TrainingJob: Codable, Sendable {
  package let model: ClientModel
  package let techniques: TrainingTechniques
  package let members: [Member]
  /// How changes are uploaded; nil if the server loop encodes the algorithm's message, or it is the
  /// change without loss.
  package let upload: Upload?
  /// Whether changes may stay where they are trained, because the server only adds them up.
  package let mayKeepChanges: Bool

  /// How clients encode their changes, and the source for stochastic rounding.
  package struct Upload: Codable, Sendable {
    package let transport: UpdateTransport
    package let seed: UInt64

    package init(_ transport: UpdateTransport, seed: UInt64) {
      self.transport = transport
      self.seed = seed
    }

    /// What the server decodes from a client's message.
    ///
    /// - Throws: `PayloadError` if the codec cannot represent a number.
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
    /// Distinguishes its sample order from that of its other tasks.
    package let taskSeed: Int
    package let batchSize: Int
    /// The client's optimizer state, if persistent.
    package let memory: Kept<OptimizerMemory>?
    /// The correction of its gradients; nil for none.
    package let correction: GradientCorrection?
    /// The error feedback from earlier updates.
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
    model: ClientModel, techniques: TrainingTechniques, members: [Member], upload: Upload? = nil,
    mayKeepChanges: Bool = false
  ) {
    self.model = model
    self.techniques = techniques
    self.members = members
    self.upload = upload
    self.mayKeepChanges = mayKeepChanges
  }
}

/// The result of a client's training.
package struct TrainingResult: Codable, Sendable {
  /// The trained parameters minus the initial ones; stored elsewhere only if the job permits it.
  package let change: StoredVector
  package let steps: Int
  /// The mean over samples of the batch loss before each step.
  package let meanLoss: Double
  /// The client's new optimizer state, if persistent.
  package let memory: Kept<OptimizerMemory>?
  /// Whether the change contains no NaN or infinite numbers.
  package let isFinite: Bool
  /// What the server receives of the change; nil if the job does not define an upload, or the codec
  /// cannot represent a number.
  package let received: Received?

  /// The message as decoded by the server, and the new error feedback.
  package struct Received: Codable, Sendable {
    package let numbers: [Float]
    package let residual: Kept<ErrorFeedback>

    package init(numbers: [Float], residual: Kept<ErrorFeedback>) {
      self.numbers = numbers
      self.residual = residual
    }
  }

  package init(
    change: StoredVector, steps: Int, meanLoss: Double, memory: Kept<OptimizerMemory>?,
    isFinite: Bool, received: Received?
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
    change = .here(result.delta)
    isFinite = result.delta.allSatisfy(\.isFinite)
    received =
      isFinite
      ? try? upload?.carried(
        result.delta, client: member.client, taskSeed: member.taskSeed,
        residual: member.residual.value) : nil
    steps = result.steps
    meanLoss = result.meanLoss
    memory = result.memory.map { Kept($0) }
  }
}
