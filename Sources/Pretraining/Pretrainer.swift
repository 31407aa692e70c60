import Adaptation
import CLIP
import Drawings
import Foundation
import Tensors

/// Trains both towers of a CLIP from scratch, the logit scale included.
///
/// The loss is the in-batch contrastive one over distinct captions: pictures that share a caption
/// share its column, so that none counts as a wrong answer for another.
public struct Pretrainer: Sendable {
  private let recipe: PretrainingRecipe
  private let configuration: CLIPConfiguration
  private let vocabulary: BytePairVocabulary
  private let tokenizer: CLIPTokenizer
  private let preprocessor: ImagePreprocessor
  private let source: DrawnPairSource

  /// Trains the vocabulary on captions; the model waits for `train`.
  public init(_ recipe: PretrainingRecipe) {
    self.recipe = recipe
    source = DrawnPairSource(seed: recipe.seed, imageSize: recipe.model.imageSize)
    vocabulary = BytePairTrainer(vocabularySize: recipe.vocabularySize).train(
      on: (0..<recipe.vocabularyCaptions).lazy.map { [source] in source.pair($0).caption })
    tokenizer = CLIPTokenizer(vocabulary)
    preprocessor = ImagePreprocessor(
      size: recipe.model.imageSize, mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5])
    var configuration = recipe.model
    configuration.vocabularySize = tokenizer.vocabularySize
    configuration.endTokenID = tokenizer.endToken
    configuration.initialLogitScale = Float(log(1 / 0.07))
    self.configuration = configuration
  }

  /// How far training has come.
  public struct Progress: Sendable {
    /// Steps done.
    public let step: Int
    /// The batch's loss before the step.
    public let loss: Double
    public let learningRate: Double
    /// What cosines are multiplied by.
    public let logitScale: Double
  }

  /// Trains all steps and writes the base in Hugging Face's layout.
  ///
  /// One thread trains while another draws the next batch; the result depends on the recipe alone.
  ///
  /// - Throws: where the folder cannot be written.
  public func train(into directory: URL, _ observe: (Progress) -> Void) throws {
    BLAS.useOneThreadPerCall()
    let parameters = CLIPParameters(configuration)
    let context = ComputeContext()
    let vector = context.matrix(
      1, parameters.layout.count,
      copying: CLIPInitialization.vector(configuration, seed: recipe.seed))
    let gradient = context.matrix(1, vector.count)
    var state = Optimizer.State(for: recipe.optimizer, parameters: vector.count, context)
    let decay = parameters.layout.entries.map {
      ($0.range, $0.shape.count > 1 ? recipe.optimizer.weightDecay : 0)
    }
    let logitScale = vector.base + parameters.layout.entries[parameters.logitScale].offset
    var next = NextBatch { batch(step: 0) }
    for step in 0..<recipe.steps {
      let batch = next.wait()
      if step + 1 < recipe.steps { next = NextBatch { self.batch(step: step + 1) } }
      context.clear(gradient.base, count: gradient.count)
      let scale = exp(Double(logitScale.pointee))
      let pixels = context.matrix(
        batch.targets.count, configuration.pixelCount, copying: batch.pixels)
      let loss = TrainingStep(
        parameters, configuration, table(parameters, vector, gradient), logitScale: Float(scale),
        loss: .contrastive
      ).run(
        images: .pixels(pixels), prompts: .texts(batch.captions), targets: batch.targets, context)
      context.limitNorm(of: gradient, to: Float(recipe.gradientNormLimit))
      let rate = recipe.learningRate(step: step)
      recipe.optimizer.step(
        vector, gradient: gradient, &state, learningRate: rate, decay: decay, context)
      logitScale.pointee = min(max(logitScale.pointee, 0), Float(log(100.0)))
      observe(Progress(step: step + 1, loss: loss, learningRate: rate, logitScale: scale))
    }
    try write(vector.elements, parameters.layout, to: directory)
  }

  private func batch(step: Int) -> PretrainingBatch {
    PretrainingBatch(
      step: step, size: recipe.batchSize, source, tokenizer, preprocessor, configuration)
  }

  /// Every parameter read from and trained in one vector.
  private func table(_ parameters: CLIPParameters, _ vector: Matrix, _ gradient: Matrix)
    -> ParameterTable
  {
    var table = ParameterTable(
      frozen: parameters.layout.entries.map { UnsafePointer(vector.base + $0.offset) })
    table.gradients = parameters.layout.entries.map { gradient.base + $0.offset }
    return table
  }

  private func write(_ vector: [Float], _ layout: ParameterLayout, to directory: URL) throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
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
