import CLIP
import Datasets
import Randomness
import Tensors
import TestSupport
import TrainingBackends

@testable import Adaptation
@testable import Federation

/// Clients that train the small random CLIP's LoRA for a server.
struct TrainedFederation {
  let model: CLIPModel
  let lora: LoRAMethod
  let images: ImageSource
  let prompts: ClassPrompts
  let features: FrozenFeatures
  private static let labels: [Int32] = [0, 2, 1, 1, 0, 2, 2, 1, 0, 1]
  static let shards = [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9]]

  init(modules: [LinearModule] = [.output]) throws {
    model = try Fixtures.clip("tiny")
    lora = LoRAMethod(
      model.configuration, tower: .text, modules: modules, rank: 2, alpha: 4)
    prompts = ClassPrompts(
      try Fixtures.reference("tiny").rows("class_input_ids"), model.configuration)
    let size = model.configuration.imageSize
    var stream = RandomStream(seed: 1, purpose: "test-images")
    let samples = Array(Self.labels.indices)
    images = ImageSource(
      ImageDataset(
        name: "random", classNames: ["a", "b", "c"], height: size, width: size, channels: 3,
        pixels: samples.flatMap { _ in
          (0..<3 * size * size).map { _ in UInt8(stream.integer(below: 256)) }
        }, labels: Self.labels, partCounts: [samples.count], sourceFiles: []),
      ImagePreprocessor(size: size), model.configuration)
    features = FrozenFeatures(
      images.features(samples, model, ComputeContext()),
      width: model.configuration.projectionWidth, samples: samples, population: samples.count)
  }

  func trainer(
    _ method: any AdaptationMethod, _ optimizer: Optimizer, _ savings: ExactSavings = .all
  ) -> ClientTrainer {
    ClientTrainer(
      AdaptedModel(model, method), LocalTraining(loss: .classification, optimizer: optimizer),
      images: images, features: features, prompts: prompts, savings: savings)
  }

  /// The initial state of a rule's algorithm.
  var start: LoRAStart { LoRAStart(lora, of: model, seed: 3) }

  func method(_ client: ClientModel) -> PartialLoRA {
    PartialLoRA(client.lora!, client, of: AdaptedModel(model, lora))
  }

  /// The mean loss of the tested version over all samples, or of a client over its own samples.
  func loss(_ algorithm: any LoRAAlgorithm) -> Double {
    let models = algorithm.testedModels
    return models.reduce(0) { sum, tested in
      let trainer = trainer(method(tested), Optimizer())
      let evaluator = Evaluator(trainer.adapted, images: images, features: features)
      let score = evaluator.score(
        tested.parameters, prompts: trainer.pass(version: tested.parameters),
        samples: tested.owner.map { Self.shards[$0] } ?? Array(Self.labels.indices),
        ComputeContext())
      return sum + score.loss / Double(models.count)
    }
  }

  /// One round of all clients.
  func round(
    _ algorithm: inout any LoRAAlgorithm, _ sizes: [LoRASize], _ first: ClientTrainer, steps: Int
  ) {
    let base = algorithm.version
    for (client, shard) in Self.shards.enumerated() {
      let part = TrainedPart(size: sizes[client], part: algorithm.part(from: base))
      let trainer = first.replacingMethod(by: method(algorithm.model(part, from: base)))
      let start = algorithm.model(part, from: base, of: client).parameters
      let result = trainer.train(
        [ClientTask { [[Int]](repeating: shard, count: steps) }], from: start, ComputeContext())[0]
      let work = ClientWork(
        client: client, base: base, part: part, change: result.delta, steps: result.steps)
      algorithm.keep(work)
      algorithm.receive(
        ClientUpdate(work, sent: algorithm.message(work), weight: Double(shard.count)))
    }
    algorithm.makeVersion()
  }

  /// The loss's gradient over all samples.
  func gradient(_ method: any AdaptationMethod, at parameters: [Float]) -> [Float] {
    let context = ComputeContext()
    let gradient = context.matrix(1, parameters.count, zeroed: true)
    _ = run(method, parameters, gradient, context)
    return gradient.elements
  }

  func loss(_ method: any AdaptationMethod, at parameters: [Float]) -> Double {
    run(method, parameters, nil, ComputeContext())
  }

  private func run(
    _ method: any AdaptationMethod, _ parameters: [Float], _ gradient: Matrix?,
    _ context: ComputeContext
  ) -> Double {
    let adapted = AdaptedModel(model, method)
    let samples = Array(Self.labels.indices)
    let vector = context.matrix(1, parameters.count, copying: parameters)
    return withExtendedLifetime(vector) {
      adapted.step(adapted.table(vector, gradient: gradient), .classification).run(
        images: .pixels(images.pixels(samples, context)), prompts: .texts(prompts.texts),
        targets: Self.labels.map(Int.init), context)
    }
  }
}
