import Adaptation
import CLIP
import Datasets
import Foundation
import Tensors

/// Trains both towers of a CLIP model and the logit scale from scratch.
///
/// The loss is the in-batch contrastive loss over distinct captions: pictures with the same caption
/// share its column, so that none counts as a negative for another.
public struct Pretrainer: Sendable {
  private let recipe: PretrainingRecipe
  private let identity: String
  private let configuration: CLIPConfiguration
  private let vocabulary: BytePairVocabulary
  private let tokenizer: CLIPTokenizer
  private let preprocessor: ImagePreprocessor
  private let supply: PairSupply
  private let evaluator: BaseEvaluator

  /// Reads the pictures and trains the vocabulary; `train` trains the model.
  ///
  /// - Throws: an error with a sentence if a file is missing or invalid.
  public init(_ recipe: PretrainingRecipe) throws {
    self.recipe = recipe
    let corpus = try recipe.data.pictures.map { try PictureCorpus(directory: $0) }
    identity = recipe.identity(corpus: corpus.map { "\($0.digest)" })
    supply = PairSupply(
      seed: recipe.seed, imageSize: recipe.model.imageSize, drawnShare: recipe.data.drawnShare,
      pictures: corpus?.train ?? [])
    vocabulary = BytePairTrainer(vocabularySize: recipe.vocabularySize)
      .train(on: supply.captions(drawn: recipe.vocabularyCaptions))
    let tokenizer = CLIPTokenizer(vocabulary)
    self.tokenizer = tokenizer
    preprocessor = ImagePreprocessor(
      size: recipe.model.imageSize, mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5])
    var configuration = recipe.model
    configuration.vocabularySize = tokenizer.vocabularySize
    configuration.endTokenID = tokenizer.endToken
    configuration.initialLogitScale = Float(log(1 / 0.07))
    self.configuration = configuration
    evaluator = try BaseEvaluator(recipe, corpus, tokenizer, preprocessor, configuration)
  }

  /// Runs all steps and writes the base in Hugging Face's layout, with `training.csv`.
  ///
  /// Workers train while an additional thread prepares the next batch. The result depends only on
  /// the recipe, not on the number of workers or on interruptions.
  ///
  /// - Parameters:
  ///   - isResuming: whether to resume from the folder's checkpoint, if it has one.
  ///   - observe: called after every step; an error that it throws ends the training but keeps its
  ///     checkpoint.
  /// - Throws: `PretrainingError` if the folder has a checkpoint and `isResuming` is false;
  ///   `ModelError` if the checkpoint does not match; otherwise if the folder cannot be written.
  public func train(
    into directory: URL, workers: Int, isResuming: Bool = false,
    _ observe: (PretrainingProgress) throws -> Void
  ) throws {
    let checkpoint = try checkpoint(in: directory, isResuming: isResuming)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let pool = WorkerPool(workers: workers)
    let parameters = CLIPParameters(configuration)
    let context = ComputeContext()
    let vector = context.matrix(
      1, parameters.layout.count,
      copying: checkpoint?.parameters
        ?? CLIPInitialization.vector(configuration, seed: recipe.seed))
    var optimizer = Optimizer.State(
      for: recipe.optimizer, parameters: vector.count, restoring: checkpoint?.optimizer, context)
    let start = checkpoint?.step ?? 0
    var log = PretrainingLog(directory: directory, resumingAfter: start)
    let step = PretrainingStep(
      parameters, configuration, reading: vector, parts: recipe.parts, on: pool, context)
    let decay = parameters.layout.entries.map {
      ($0.range, $0.shape.count > 1 ? recipe.optimizer.weightDecay : 0)
    }
    let logitScale = vector.base + parameters.layout.entries[parameters.logitScale].offset

    var next = start < recipe.steps ? NextBatch { batch(step: start) } : nil
    for number in start..<max(start, recipe.steps) {
      let batch = next!.wait()
      next = number + 1 < recipe.steps ? NextBatch { self.batch(step: number + 1) } : nil
      let scale = exp(Double(logitScale.pointee))
      let (loss, gradient) = step.run(batch, logitScale: Float(scale))
      context.limitNorm(of: gradient, to: Float(recipe.gradientNormLimit))
      let rate = recipe.learningRate(step: number)
      LongVectors.$helpers.withValue(pool) {
        recipe.optimizer.step(
          vector, gradient: gradient, &optimizer, learningRate: rate, decay: decay, context)
      }
      logitScale.pointee = min(max(logitScale.pointee, 0), Self.largestLogitScale)
      let progress = PretrainingProgress(
        step: number + 1, loss: loss, learningRate: rate, logitScale: scale,
        score: isMeasured(after: number + 1) ? score(vector, parameters, pool) : nil)
      log.append(progress)
      try observe(progress)
      if (number + 1) % recipe.checkpointInterval == 0, number + 1 < recipe.steps {
        try log.write()
        try PretrainingCheckpoint(
          step: number + 1, parameters: vector.elements, optimizer: optimizer.memory
        ).write(to: directory, identity: identity)
      }
    }
    try log.write()
    try write(vector.elements, parameters.layout, to: directory)
    try? FileManager.default.removeItem(at: PretrainingCheckpoint.file(in: directory))
  }

  /// The maximum logarithm of the logit scale, ln 100, as in OpenAI's training.
  private static let largestLogitScale = Float(Foundation.log(100.0))

  private func checkpoint(in directory: URL, isResuming: Bool) throws -> PretrainingCheckpoint? {
    let file = PretrainingCheckpoint.file(in: directory)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard isResuming else {
      throw PretrainingError(
        "\(file.relativePath) is the checkpoint of an interrupted training; continue with --resume, or remove it to start over."
      )
    }
    return try PretrainingCheckpoint(
      directory: directory, identity: identity,
      parameters: CLIPParameters(configuration).layout.count)
  }

  private func isMeasured(after step: Int) -> Bool {
    step % recipe.evaluationInterval == 0 || step == recipe.steps
  }

  private func score(_ vector: Matrix, _ parameters: CLIPParameters, _ pool: WorkerPool)
    -> BaseScore
  {
    let weights = CLIPWeights(vector.elements, parameters.layout)
    return evaluator.score(CLIPModel(configuration, weights: weights), on: pool)
  }

  private func batch(step: Int) -> PretrainingBatch {
    PretrainingBatch(step: step, size: recipe.batchSize, supply, preprocessor) {
      tokenizer.encode($0, contextLength: configuration.contextLength)
    }
  }

  private func write(_ vector: [Float], _ layout: ParameterLayout, to directory: URL) throws {
    try vocabulary.write(to: directory)
    try configuration.write(to: directory.appending(path: "config.json"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(preprocessor)
      .write(to: directory.appending(path: "preprocessor_config.json"), options: .atomic)
    try SafetensorsWriter.write(
      vector, layout, to: directory.appending(path: "model.safetensors"))
  }
}
