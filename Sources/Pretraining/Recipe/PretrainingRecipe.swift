import CLIP
import Configuration
import Foundation
import Tensors

/// How a base is trained from scratch on captioned pictures.
public struct PretrainingRecipe: Sendable {
  /// The name of the base's folder.
  public var name: String
  public var seed: UInt64
  /// The training data.
  public var data: PretrainingData
  /// The shape of the model, except the vocabulary size, which is determined by training the
  /// vocabulary.
  public var model: CLIPConfiguration
  /// The maximum vocabulary size.
  public var vocabularySize: Int
  /// The number of drawing captions for training the vocabulary.
  public var vocabularyCaptions: Int
  public var steps: Int
  public var batchSize: Int
  /// The number of parts into which each tower's batch is split, which workers compute in parallel.
  /// Their gradients are added in order, so this number affects the last bits of a base, and the
  /// number of workers does not.
  public var parts: Int
  /// The optimizer; its learning rate is that at the end of the warm-up.
  public var optimizer: Optimizer
  /// The number of steps in which the learning rate rises to the optimizer's.
  public var warmUpSteps: Int
  /// The final learning rate of the cosine schedule, relative to the optimizer's.
  public var finalRateShare: Double
  /// The maximum gradient norm; larger gradients are scaled down to it.
  public var gradientNormLimit: Double
  /// The number of steps between measurements.
  public var evaluationInterval: Int
  /// The number of steps between checkpoints.
  public var checkpointInterval: Int

  /// Reads a recipe file.
  ///
  /// - Throws: `ConfigurationError` with every error of the file.
  public init(file: URL, overrides: [String] = []) throws(ConfigurationError) {
    let folder = file.deletingLastPathComponent()
    self = try ConfigurationDocument(file: file, overrides: overrides).read {
      Self($0, relativeTo: folder)
    }
  }

  /// - Parameter folder: the folder to which relative paths refer.
  init(_ root: ConfigurationSection, relativeTo folder: URL) {
    name = root.string("name", example: "nano")
    seed = UInt64(root.integer("seed", in: 0...Int.max, default: 0))
    data = PretrainingData(root.section("data", isRequired: false), relativeTo: folder)
    let vocabulary = root.section("vocabulary", isRequired: false)
    vocabularySize = vocabulary.integer(
      "size", in: BytePairTrainer.smallestVocabularySize...100_000, default: 2048)
    vocabularyCaptions = vocabulary.integer("captions", in: 1...10_000_000, default: 20_000)
    model = CLIPConfiguration(root.section("model"), vocabularySize: vocabularySize)
    let training = root.section("training")
    steps = training.integer("steps", in: 0...100_000_000, example: 4000)
    batchSize = training.integer("batch_size", in: 2...100_000, default: 128)
    parts = training.integer("parts", in: 1...256, default: 2)
    optimizer = Optimizer(
      kind: .adamw,
      learningRate: training.number("learning_rate", in: 1e-9...1, default: 8e-4),
      weightDecay: training.number("weight_decay", in: 0...10, default: 0.1))
    warmUpSteps = training.integer("warm_up_steps", in: 0...1_000_000, default: 60)
    finalRateShare = training.number("final_rate_share", in: 0...1, default: 0.02)
    gradientNormLimit = training.number("gradient_norm_limit", in: 1e-6...1e6, default: 1)
    evaluationInterval = training.integer("evaluate_every", in: 1...100_000_000, default: 1000)
    checkpointInterval = training.integer("checkpoint_every", in: 1...100_000_000, default: 500)
  }

  /// The settings that determine the trained parameters, as text for comparing checkpoints.
  ///
  /// - Parameter corpus: the digest of the manifest.
  func identity(corpus: String?) -> String {
    var settings = self
    // These do not affect the trained parameters.
    settings.evaluationInterval = 0
    settings.checkpointInterval = 0
    settings.name = ""
    settings.data.pictures = nil
    settings.data.photographs = 0
    settings.data.photographFolder = nil
    return "\(settings) \(corpus ?? "no pictures")"
  }

  /// The learning rate of a step, counted from 0: a linear warm-up, then a half cosine.
  func learningRate(step: Int) -> Double {
    let peak = optimizer.learningRate
    if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
    let progress = Double(step - warmUpSteps) / Double(max(1, steps - warmUpSteps))
    let cosine = (1 + cos(.pi * progress)) / 2
    return peak * (cosine * (1 - finalRateShare) + finalRateShare)
  }
}

extension CLIPConfiguration {
  /// The shape described by a recipe, with equal towers.
  init(_ section: ConfigurationSection, vocabularySize: Int) {
    let width = section.integer("width", in: 8...4096, example: 128)
    let heads = section.integer("heads", in: 1...64, example: 2)
    let layers = section.integer("layers", in: 1...64, example: 4)
    let tower = TowerConfiguration(
      width: width, mlpWidth: 4 * width, layers: layers, heads: heads)
    let imageSize = section.integer("image_size", in: 4...1024, example: 28)
    let patchSize = section.integer("patch_size", in: 1...1024, example: 7)
    if width % heads != 0 {
      section.fault(at: "heads", "the width, \(width), must be a multiple of the heads")
    }
    if imageSize % patchSize != 0 {
      section.fault(
        at: "patch_size", "the image size, \(imageSize), must be a multiple of the patch size")
    }
    self.init(
      text: tower, vision: tower,
      projectionWidth: section.integer("projection_width", in: 8...4096, default: width),
      vocabularySize: vocabularySize,
      contextLength: section.integer("context_length", in: 4...1024, default: 32),
      endTokenID: 0, imageSize: imageSize, patchSize: patchSize)
  }
}
