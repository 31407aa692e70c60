import Adaptation
import CLIP
import Federation
import Tensors

/// Trains and tests on threads of this process.
package final class ThreadBackend: TrainingBackend {
  /// The data that the methods of an experiment train on.
  package struct Inputs {
    package let images: ImageSource
    package let prompts: ClassPrompts
    package let savings: ExactSavings
    /// Whether each class is one without samples on any client; nil if there are no such classes.
    package let isNovel: [Bool]?
    /// The sample indices of each step of a client's task.
    package let batches: @Sendable (TrainingJob.Member) -> [[Int]]
    /// The base in a form used by devices.
    package let base: (BaseForm) -> Base

    package init(
      images: ImageSource, prompts: ClassPrompts, savings: ExactSavings, isNovel: [Bool]? = nil,
      batches: @escaping @Sendable (TrainingJob.Member) -> [[Int]],
      base: @escaping (BaseForm) -> Base
    ) {
      self.images = images
      self.prompts = prompts
      self.savings = savings
      self.isNovel = isNovel
      self.batches = batches
      self.base = base
    }
  }

  /// A form of the base.
  package struct Base {
    package let model: CLIPModel
    /// The features of all used samples; nil if the vision tower is trained.
    package let features: FrozenFeatures?

    package init(model: CLIPModel, features: FrozenFeatures?) {
      self.model = model
      self.features = features
    }
  }

  private let pool: WorkerPool
  private let inputs: Inputs
  private let adapted: AdaptedModel
  private let training: LocalTraining
  private let partContexts = PartContexts()
  /// Trainers of the method itself, from which those of a LoRA's parts are derived.
  private var trainers: [TrainingTechniques: ClientTrainer] = [:]
  /// The contexts of the last requested version.
  private var contexts: [ContextKey: VersionContext] = [:]

  /// What is trained, and how.
  private struct ContextKey: Hashable {
    let part: TrainedPart?
    let techniques: TrainingTechniques
  }

  package init(
    _ adapted: AdaptedModel, _ training: LocalTraining, _ inputs: Inputs, on pool: WorkerPool
  ) {
    self.pool = pool
    self.inputs = inputs
    self.adapted = adapted
    self.training = training
  }

  package func groupCount(
    _ model: ClientModel, _ techniques: TrainingTechniques, clients: Int
  ) -> Int {
    groupCount(model, techniques, clients: clients, workers: pool.count)
  }

  /// - Parameter workers: the number of workers that share the clients; may include those of other
  ///   processes.
  package func groupCount(
    _ model: ClientModel, _ techniques: TrainingTechniques, clients: Int, workers: Int
  ) -> Int {
    guard model.owner == nil else { return clients }
    return context(of: model, techniques).trainer.groupCount(clients: clients, workers: workers)
  }

  package func submit(_ job: TrainingJob) -> PendingResult<[TrainingResult]> {
    let context = context(of: job.model, job.techniques)
    let trainer = context.trainer
    let pass = job.model.owner == nil ? context.pass(on: pool) : nil
    let start = job.model.parameters
    let tasks = job.members.map { member in
      ClientTask(memory: member.memory?.value, correction: member.correction) {
        [batches = inputs.batches] in batches(member)
      }
    }
    let helpers = trainer.parts > 1 ? pool : nil
    return pool.submit { compute in
      // The pass was submitted earlier, so a worker is already processing it.
      let pass = pass?.wait()
      let results = LongVectors.$helpers.withValue(helpers) {
        trainer.train(tasks, from: start, pass: pass, compute)
      }
      return zip(results, job.members).map { TrainingResult($0, $1, job.upload) }
    }
  }

  package func test(
    _ models: [ClientModel], samples: [Int], progress: (_ done: Int, _ count: Int) -> Void
  ) -> Evaluator.Score {
    var (score, done) = (Evaluator.Score(), 0)
    for model in models {
      for part in scores(of: model, pieces: samples.chunked(by: Self.testedTogether)) {
        let part = part.wait()
        score = score + part
        done += part.samples
        progress(done, models.count * samples.count)
      }
    }
    return score
  }

  /// Starts to test a model on pieces of `testedTogether` samples; the last piece may be shorter.
  ///
  /// - Returns: the score of each piece; their sum in order is the score of the test.
  package func scores(
    of model: ClientModel, pieces: [[Int]]
  ) -> [PendingResult<Evaluator.Score>] {
    let context = context(of: model, training.techniques)
    let evaluator = context.evaluator
    let pass =
      model.owner == nil
      ? context.pass(on: pool)
      : pool.submit { [trainer = context.trainer] _ in trainer.pass(version: model.parameters) }
    return pieces.map { samples in
      pool.submit { compute in
        evaluator.score(model.parameters, prompts: pass.wait(), samples: samples, compute)
      }
    }
  }

  package func test(
    _ clients: [ClientTest], progress: (_ done: Int) -> Void
  ) -> [Evaluator.Score] {
    let jobs = clients.map { test in
      let context = context(of: test.model, test.techniques)
      return ClientJob(
        test: test, trainer: context.trainer, evaluator: context.evaluator,
        pass: test.model.owner == nil ? context.pass(on: pool) : nil)
    }
    return pool.map(jobs, progress: progress) { $0.score($1) }
  }

  /// The inputs of a worker that tests one client.
  private struct ClientJob: Sendable {
    let test: ClientTest
    let trainer: ClientTrainer
    let evaluator: Evaluator
    /// The version's pass of the prompts; nil if the client has its own model, whose pass the job
    /// computes itself.
    let pass: PendingResult<PromptPass>?

    func score(_ context: ComputeContext) -> Evaluator.Score {
      let parameters = test.model.parameters
      let pass = self.pass?.wait() ?? trainer.pass(version: parameters)
      return test.samples.chunked(by: ThreadBackend.testedTogether).reduce(Evaluator.Score()) {
        $0 + evaluator.score(parameters, prompts: pass, samples: $1, context)
      }
    }
  }

  /// The number of images that a worker classifies at once.
  package static let testedTogether = 256

  /// Computes the inputs of training with these techniques, such as the features of all images.
  package func prepare(_ techniques: TrainingTechniques) { _ = trainer(techniques) }

  private func context(
    of model: ClientModel, _ techniques: TrainingTechniques
  ) -> VersionContext {
    let key = ContextKey(part: model.lora?.part, techniques: techniques)
    if let known = contexts[key], known.version == model.version { return known }
    var trainer = trainer(techniques)
    if let lora = model.lora {
      trainer = trainer.replacingMethod(by: PartialLoRA(lora, model, of: trainer.adapted))
    }
    let context = VersionContext(
      trainer: trainer,
      evaluator: Evaluator(
        trainer.adapted, images: inputs.images, features: trainer.features,
        precision: techniques.precision, isNovel: inputs.isNovel), model)
    contexts = contexts.filter { $0.value.version == model.version }
    contexts[key] = context
    return context
  }

  private func trainer(_ techniques: TrainingTechniques) -> ClientTrainer {
    if let known = trainers[techniques] { return known }
    let base = inputs.base(BaseForm(techniques))
    var training = training
    training.techniques = techniques
    let trainer = ClientTrainer(
      AdaptedModel(base.model, adapted.method), training, images: inputs.images,
      features: base.features, prompts: inputs.prompts, savings: inputs.savings,
      partContexts: partContexts)
    trainers[techniques] = trainer
    return trainer
  }
}

extension PartialLoRA {
  /// The trained parameters of a client, on the model that its LoRA changes.
  ///
  /// - Parameter adapted: the model with a LoRA of the server's size.
  package init(_ constants: ClientModel.LoRA, _ model: ClientModel, of adapted: AdaptedModel) {
    guard let lora = adapted.method as? LoRAMethod else {
      preconditionFailure("only a LoRA is trained in parts")
    }
    self.init(
      lora.resized(constants.part.size), part: constants.part.part, factors: constants.factors,
      start: model.parameters, merged: constants.merged, of: adapted.model)
  }
}
