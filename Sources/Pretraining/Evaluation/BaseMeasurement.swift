import Adaptation
import CLIP
import Datasets
import Tensors

/// The accuracy of a base on a labelled data set: zero-shot, and with a linear probe.
package struct BaseMeasurement: Sendable {
  /// The result for one seed's split.
  package struct Score: Sendable {
    package let seed: UInt64
    package let zeroShot: Double
    package let linearProbe: Double
    /// The probe's penalty, chosen on the validation part.
    package let penalty: Double
    /// The number of samples on which both accuracies are measured.
    package let samples: Int
  }

  private let model: CLIPModel
  private let images: ImageSource
  private let prompts: [[Int32]]
  private let pool: WorkerPool
  /// The class tokens of all samples, [samples, width].
  private let features: [Float]

  /// Computes the features of all images.
  ///
  /// - Parameter prompts: the tokens of each class's prompt.
  package init(
    _ model: CLIPModel, images: ImageSource, prompts: [[Int32]], on pool: WorkerPool
  ) {
    self.model = model
    self.images = images
    self.prompts = prompts
    self.pool = pool
    features = pool.map(Array(0..<images.dataset.count).chunked(by: 256)) { batch, context in
      let pixels = images.pixels(batch, context)
      defer { pixels.recycle() }
      let tower = VisionTower(model.parameters, model.configuration, model.table)
      let tokens = tower.classTokens(pixels, context)
      defer { tokens.recycle() }
      return tokens.elements
    }.flatMap { $0 }
  }

  /// Measures on the test part of the split that a run with the same seed uses.
  ///
  /// Chooses the probe's penalty on a tenth of the train part, then fits the probe on all of it.
  ///
  /// - Parameter onValidation: whether to measure on that tenth instead, in order to compare bases
  ///   without using the test part.
  /// - Throws: `DatasetError` if the data set is too small to split.
  package func score(seed: UInt64, onValidation: Bool) throws(DatasetError) -> Score {
    let split = try DataSplit(images.dataset, seed: seed)
    let held = split.testingOnValidation(seed: seed)
    let choice = LinearProbe.choosing(
      train: sample(held.trainIndices), validation: sample(held.testIndices),
      classes: prompts.count, on: pool)
    let measured = onValidation ? held.testIndices : split.testIndices
    return Score(
      seed: seed, zeroShot: zeroShot(measured),
      linearProbe: onValidation
        ? choice.validationAccuracy : choice.probe.accuracy(sample(measured), on: pool),
      penalty: choice.penalty, samples: measured.count)
  }

  private func zeroShot(_ samples: [Int]) -> Double {
    ZeroShotTest(images: images, samples: samples, prompts: prompts)
      .accuracy(of: model, on: pool)
  }

  private func sample(_ samples: [Int]) -> LinearProbe.Sample {
    let width = model.configuration.vision.width
    return LinearProbe.Sample(
      features: samples.flatMap { features[$0 * width..<($0 + 1) * width] },
      labels: samples.map { images.dataset.labels[$0] }, width: width)
  }
}
