import Adaptation
import CLIP
import Federation
import Tensors

/// Trains and tests on threads of this process.
package final class ThreadBackend: TrainingBackend {
  /// What the methods of an experiment train on.
  package struct Inputs {
    package let images: ImageSource
    package let features: FrozenFeatures?
    package let prompts: ClassPrompts
    package let savings: ExactSavings
    /// The sample indices of each step of a client's task.
    package let batches: @Sendable (TrainingJob.Member) -> [[Int]]

    package init(
      images: ImageSource, features: FrozenFeatures?, prompts: ClassPrompts,
      savings: ExactSavings, batches: @escaping @Sendable (TrainingJob.Member) -> [[Int]]
    ) {
      self.images = images
      self.features = features
      self.prompts = prompts
      self.savings = savings
      self.batches = batches
    }
  }

  private let pool: WorkerPool
  private let inputs: Inputs
  /// Of the method as it is set up; those of a LoRA's parts are made of this one.
  private let trainer: ClientTrainer
  /// Those of the version that was last asked for, by what is trained.
  private var contexts: [TrainedPart?: VersionContext] = [:]

  package init(
    _ adapted: AdaptedModel, _ training: LocalTraining, _ inputs: Inputs, on pool: WorkerPool
  ) {
    self.pool = pool
    self.inputs = inputs
    trainer = ClientTrainer(
      adapted, training, images: inputs.images, features: inputs.features,
      prompts: inputs.prompts, savings: inputs.savings)
  }

  package func groupSize(_ model: ClientModel, clients: Int) -> Int {
    model.owner == nil ? context(of: model).trainer.groupSize(clients: clients) : 1
  }

  package func submit(_ job: TrainingJob) -> PendingResult<[TrainingResult]> {
    let context = context(of: job.model)
    let trainer = context.trainer
    let pass = job.model.owner == nil ? context.pass : nil
    let start = job.model.parameters
    let tasks = job.members.map { member in
      ClientTask(memory: member.memory, correction: member.correction) {
        [batches = inputs.batches] in batches(member)
      }
    }
    return pool.submit { compute in
      trainer.train(tasks, from: start, pass: pass, compute).map(TrainingResult.init)
    }
  }

  package func test(
    _ models: [ClientModel], samples: [Int], progress: (_ done: Int, _ count: Int) -> Void
  ) -> Evaluator.Score {
    var score = Evaluator.Score()
    for (index, model) in models.enumerated() {
      let context = context(of: model)
      let evaluator = context.evaluator
      let pass =
        model.owner == nil ? context.pass : context.trainer.pass(version: model.parameters)
      let parts = pool.map(samples.chunked(by: Self.testedTogether)) { done in
        progress(
          index * samples.count + min(samples.count, done * Self.testedTogether),
          models.count * samples.count)
      } _: { samples, compute in
        evaluator.score(model.parameters, prompts: pass, samples: samples, compute)
      }
      score = parts.reduce(score, +)
    }
    return score
  }

  /// Images that a worker classifies in one go.
  private static let testedTogether = 256

  private func context(of model: ClientModel) -> VersionContext {
    let part = model.lora?.part
    if let known = contexts[part], known.version == model.version { return known }
    var trainer = trainer
    if let lora = model.lora {
      trainer = trainer.replacingMethod(by: PartialLoRA(lora, model, of: trainer.adapted))
    }
    let context = VersionContext(
      trainer: trainer,
      evaluator: Evaluator(trainer.adapted, images: inputs.images, features: inputs.features),
      model)
    contexts = contexts.filter { $0.value.version == model.version }
    contexts[part] = context
    return context
  }
}

extension PartialLoRA {
  /// What a client trains, on the model that its LoRA changes.
  ///
  /// - Parameter adapted: the model with the LoRA of the server's size.
  package init(_ constants: ClientModel.LoRA, _ model: ClientModel, of adapted: AdaptedModel) {
    guard let lora = adapted.method as? LoRAMethod else {
      preconditionFailure("only a LoRA is trained in parts")
    }
    self.init(
      lora.resized(constants.part.size), part: constants.part.part, factors: constants.factors,
      start: model.parameters, merged: constants.merged, of: adapted.model)
  }
}
