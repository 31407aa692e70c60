import Randomness

@testable import Adaptation
@testable import CLIP
@testable import Datasets
@testable import Tensors

/// A trainer on random samples of ten classes, and the batches to measure it on.
struct TrainingSetup: Sendable {
  enum Method: String, CaseIterable, Sendable {
    /// LoRA of rank 2 on the text tower's output projections.
    case flora
    /// Every parameter except the logit scale.
    case fedfft
  }

  static let batchSize = 128
  private static let classes = 10
  private static let batchCount = 4

  let trainer: ClientTrainer
  let start: [Float]
  let prompts: ClassPrompts

  /// - Parameters:
  ///   - savings: the work that the engine saves in a step.
  ///   - precision: the precision of its products.
  init(
    _ model: BenchmarkModel, _ method: Method, _ savings: ExactSavings = .all,
    _ precision: Precision = .float32
  ) {
    let base = model.random()
    let configuration = base.configuration
    let adapted = AdaptedModel(base, Self.adaptation(method, configuration))
    prompts = Self.prompts(configuration)
    let samples = Self.batchSize * Self.batchCount
    trainer = ClientTrainer(
      adapted,
      LocalTraining(
        batchSize: Self.batchSize, techniques: TrainingTechniques(precision: precision)),
      images: Self.images(samples, configuration),
      features: adapted.trainsVision ? nil : Self.features(samples, configuration),
      prompts: prompts, savings: savings)
    start = adapted.method.initialParameters(of: base, seed: 0)
  }

  /// `count` consecutive batches of the given size from the samples.
  func batches(_ count: Int, size: Int = batchSize) -> [[Int]] {
    (0..<count).map { batch in
      let first = batch % Self.batchCount * Self.batchSize
      return Array(first..<(first + size))
    }
  }

  /// Clients that train on the same batches, as many as the engine would stack out of ten.
  func tasks(_ batches: [[Int]]) -> [ClientTask] {
    (0..<10).map { _ in ClientTask { batches } }
      .split(into: trainer.groupCount(clients: 10, workers: 2))[0]
  }

  /// The cost of a step on a whole batch.
  var cost: TracedCost {
    CostModel(trainer.adapted, trainer.training, prompts: prompts, plan: .cached)
      .step(StepShape(images: Self.batchSize, classes: Array(0..<Self.classes)))
  }

  private static func adaptation(
    _ method: Method, _ configuration: CLIPConfiguration
  ) -> any AdaptationMethod {
    switch method {
    case .flora:
      LoRAMethod(configuration, tower: .text, modules: [.output], rank: 2, alpha: 32)
    case .fedfft: FineTuning(configuration)
    }
  }

  /// Eight tokens per class: begin, "a photo of a", the class, ".", end. The first five are common.
  private static func prompts(_ configuration: CLIPConfiguration) -> ClassPrompts {
    let (begin, end) = (configuration.endTokenID - 1, configuration.endTokenID)
    let (a, photo, of, point): (Int32, Int32, Int32, Int32) = (1, 2, 3, 4)
    let texts = (0..<Int32(classes)).map { [begin, a, photo, of, a, 10 + $0, point, end] }
    return ClassPrompts(texts, configuration)
  }

  /// Noise of the model's image size, with labels 0, 1, …, 9, 0, …
  private static func images(_ count: Int, _ configuration: CLIPConfiguration) -> ImageSource {
    let size = configuration.imageSize
    var stream = RandomStream(seed: 0, purpose: "benchmark pixels")
    let noise = (0..<65_537).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
    let dataset = ImageDataset(
      name: "noise", classNames: (0..<classes).map(String.init), height: size, width: size,
      channels: 3, pixels: (0..<(count * configuration.pixelCount)).map { noise[$0 % noise.count] },
      labels: (0..<count).map { Int32($0 % classes) }, partCounts: [count, 0], sourceFiles: [])
    return ImageSource(dataset, ImagePreprocessor(size: size), configuration)
  }

  private static func features(_ count: Int, _ configuration: CLIPConfiguration) -> FrozenFeatures {
    let width = configuration.projectionWidth
    var stream = RandomStream(seed: 0, purpose: "benchmark features")
    let values = (0..<count).flatMap { _ in
      let row = (0..<width).map { _ in Float(stream.normal()) }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length } + [length]
    }
    return FrozenFeatures(values, width: width, samples: Array(0..<count), population: count)
  }
}
