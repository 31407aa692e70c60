import Adaptation
import CLIP
import Datasets
import Federation
import Fleet
import Foundation

/// All that the methods of a scenario share: fleet, samples, base and prompts.
package struct Experiment: Sendable {
  package let scenario: Scenario
  package let fleet: Fleet
  /// The sample indices of each client, by device id.
  package let shards: [[Int]]
  package let testSamples: [Int]
  package let images: ImageSource
  package let model: CLIPModel
  package let modelFiles: [URL]
  package let prompts: ClassPrompts
  /// Image features of the frozen base; nil where every method trains the vision tower.
  package private(set) var features: FrozenFeatures?

  package var dataset: ImageDataset { images.dataset }

  /// Opens the scenario's files and hands the samples out; trains nothing and writes nothing.
  ///
  /// - Throws: an error with a sentence that names the file or key that is wrong.
  package init(_ scenario: Scenario) throws {
    self.scenario = scenario
    fleet = try Fleet(
      count: scenario.fleet.devices, classes: scenario.fleet.classes, seed: scenario.seed)
    let base = try BaseModel(scenario.model.base, relativeTo: scenario.folder)
    model = base.model
    modelFiles = base.files
    images = try scenario.data.images(for: base, scenario.resolve)
    let dataset = images.dataset
    let split = try DataSplit(
      dataset, trainSamples: scenario.data.trainSamples, testSamples: scenario.data.testSamples,
      seed: scenario.seed)
    testSamples = split.testIndices
    shards = try scenario.data.partition.assign(
      trainIndices: split.trainIndices, labels: dataset.labels,
      classCount: dataset.classNames.count, clients: fleet.count, seed: scenario.seed)
    prompts = ClassPrompts(
      dataset.classNames.map {
        base.tokenizer.encode(
          scenario.data.prompt.replacing("{}", with: $0),
          contextLength: base.model.configuration.contextLength)
      }, model.configuration)
  }

  /// The scenario's methods on the base, in its order.
  package var methods: [(settings: MethodSettings, adapted: AdaptedModel)] {
    scenario.methods.map { ($0, AdaptedModel(model, $0.adaptation(model.configuration))) }
  }

  /// Computes the image features that methods with a frozen vision tower share.
  package mutating func computeFeatures(on pool: WorkerPool, _ observer: any ProgressObserver) {
    guard methods.contains(where: { !$0.adapted.trainsVision }) else { return }
    let samples = shards.joined().sorted() + testSamples
    let chunks = samples.chunked(by: 128)
    let pending = chunks.map { chunk in
      pool.submit { [images, model] in images.features(chunk, model, $0) }
    }
    var values: [Float] = []
    values.reserveCapacity(samples.count * model.configuration.projectionWidth)
    for (index, result) in pending.enumerated() {
      values += result.wait()
      observer.observe(.computingFeatures(done: index + 1, of: chunks.count))
    }
    features = FrozenFeatures(
      values, width: model.configuration.projectionWidth, samples: samples,
      population: dataset.count)
  }
}

extension Array {
  /// Runs of `size` elements, the last one shorter where they do not come out even.
  func chunked(by size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
