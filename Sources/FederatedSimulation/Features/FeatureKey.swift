import Adaptation
import BaseModels
import CLIP
import Crypto
import Foundation
import Results
import Scenario
import Storage
import Tensors

/// The inputs that determine the bits of a data set's image features.
///
/// Images and weights are hashed as used in the computation, not as stored: decoded pixels, and
/// only the parameters of the vision tower as float32. Files with the same content share their
/// features, and different decodings of the same file do not.
///
/// Unknown factors, such as a changed kernel or another C library, are detected by the features of
/// the first few images, which are recomputed for every key.
struct FeatureKey: Sendable {
  /// The name and the value of each factor.
  let parts: [String: String]
  /// Human-readable names of the data set and the base; not part of the key.
  let labels: [String: String]
  /// The number of samples in the data set, and the width of their features.
  let population: Int
  let width: Int

  /// The width of a sample's row.
  var columns: Int { FrozenFeatures.columns(width: width) }

  /// The SHA-256 of the parts, 64 hexadecimal digits.
  var digest: String {
    let text = parts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
    return SHA256.hash(data: Data(text.utf8)).hexadecimal
  }

  init(parts: [String: String], labels: [String: String], population: Int, width: Int) {
    self.parts = parts
    self.labels = labels
    self.population = population
    self.width = width
  }

  /// - Complexity: reads all pixels and parameters once, and computes the features of one batch.
  init(
    _ experiment: Experiment, _ model: CLIPModel, _ precision: Precision, on pool: WorkerPool
  ) {
    let images = experiment.images
    let dataset = images.dataset
    let probe = pool.submit { context in
      context.withPrecision(precision) { Self.probe(images, model, context) }
    }
    let pixels = pool.submit { _ in SHA256.hash(elements: dataset.pixels).hexadecimal }
    let weights = pool.submit { _ in Self.visionWeights(model) }
    var parts = [
      "format": FeatureFileHeader.format,
      "images": "\(dataset.count) x \(dataset.height) x \(dataset.width) x \(dataset.channels)",
      "images_sha256": pixels.wait(),
      "vision_tower": Self.shape(model.configuration),
      "vision_tower_sha256": weights.wait(),
      "preprocessing": Self.text(images.preprocessor),
      "matrix_product_kernels": BLAS.kernels,
      "first_features_sha256": probe.wait(),
    ]
    if !BLAS.rowsAreIndependent { parts["batch"] = "\(FeatureBatch.size)" }
    if precision != .float32 { parts["precision"] = precision.rawValue }
    let data = experiment.scenario.data
    let folder = data.dataset == .imageFolder ? data.path.map { " \(Self.lastName($0))" } : nil
    let labels = [
      "data_set": dataset.name + (folder ?? ""),
      "base": Self.lastName(experiment.scenario.model.base),
      "flora_version": FloraVersion.current,
    ]
    self.init(
      parts: parts, labels: labels, population: dataset.count,
      width: model.configuration.projectionWidth)
  }

  private static func probe(
    _ images: ImageSource, _ model: CLIPModel, _ context: ComputeContext
  ) -> String {
    let first = FeatureBatch(samples: Array(0..<min(FeatureBatch.size, images.dataset.count)))
    return SHA256.hash(elements: first.features(images, model, context)).hexadecimal
  }

  private static func visionWeights(_ model: CLIPModel) -> String {
    var hasher = SHA256()
    for index in model.parameters.visionIndices {
      let entry = model.parameters.layout.entries[index]
      hasher.update(data: Data("\(entry.name) \(entry.shape)\n".utf8))
      hasher.update(
        bufferPointer: UnsafeRawBufferPointer(
          UnsafeBufferPointer(start: model.weights.values[index], count: entry.count)))
    }
    return hasher.finalize().hexadecimal
  }

  /// Includes settings that the shapes of the parameters do not determine.
  private static func shape(_ configuration: CLIPConfiguration) -> String {
    let tower = configuration.vision
    return """
      width \(tower.width), perceptron \(tower.mlpWidth), layers \(tower.layers), heads \
      \(tower.heads), activation \(tower.activation.rawValue), epsilon \(tower.layerNormEpsilon), \
      projection \(configuration.projectionWidth), image \(configuration.imageSize), patch \
      \(configuration.patchSize), channels \(configuration.channels)
      """
  }

  private static func text(_ preprocessor: ImagePreprocessor) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(preprocessor) else {
      preconditionFailure("a preprocessor is a few finite numbers")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private static func lastName(_ path: String) -> String {
    URL(filePath: path).lastPathComponent
  }
}
