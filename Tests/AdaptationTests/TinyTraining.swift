import CLIP
import Datasets
import Randomness
import Tensors
import TestSupport

@testable import Adaptation

/// The small random CLIP with everything a client needs to train a method on it.
struct TinyTraining {
  let model: CLIPModel
  let adapted: AdaptedModel
  let images: ImageSource
  let prompts: ClassPrompts
  /// The frozen vision tower's features of all images.
  let features: FrozenFeatures

  /// The classes of ten images.
  static let labels: [Int32] = [0, 2, 1, 1, 0, 2, 2, 1, 0, 1]

  /// - Parameter labels: the class of each image of the data set, below 3.
  init(_ method: TinyMethod, labels: [Int32] = labels) throws {
    try self.init(
      method, Fixtures.clip("tiny"),
      prompts: Fixtures.reference("tiny").rows("class_input_ids"), labels: labels)
  }

  /// - Parameter prompts: the tokens of three classes' prompts.
  init(
    _ method: TinyMethod, _ model: CLIPModel, prompts tokens: [[Int32]], labels: [Int32] = labels
  ) throws {
    self.model = model
    let classes = ClassPrompts(tokens, model.configuration)
    adapted = AdaptedModel(model, method.make(model.configuration, classes))
    prompts = adapted.method.prompts ?? classes
    let size = model.configuration.imageSize
    var stream = RandomStream(seed: 1, purpose: "test-images")
    let dataset = ImageDataset(
      name: "random", classNames: ["a", "b", "c"], height: size, width: size, channels: 3,
      pixels: (0..<(labels.count * 3 * size * size)).map { _ in UInt8(stream.integer(below: 256)) },
      labels: labels, partCounts: [labels.count], sourceFiles: [])
    images = ImageSource(dataset, ImagePreprocessor(size: size), model.configuration)
    features = FrozenFeatures(
      images.features(Array(labels.indices), model, ComputeContext()),
      width: model.configuration.projectionWidth, samples: Array(labels.indices),
      population: labels.count)
  }

  var start: [Float] { adapted.method.initialParameters(of: model, seed: 3) }

  /// Initial values with nonzero low-rank factors.
  var movedStart: [Float] {
    zip(start, randomNumbers(start.count, seed: 4, scale: 0.05)).map { $0 + $1 }
  }

  func trainer(_ training: LocalTraining, _ savings: ExactSavings = .all) -> ClientTrainer {
    ClientTrainer(
      adapted, training, images: images, features: features, prompts: prompts, savings: savings)
  }

  func labels(of samples: [Int]) -> [Int] { samples.map { Int(images.dataset.labels[$0]) } }
}

/// The methods under test.
enum TinyMethod: CaseIterable {
  case textLoRA, visionLoRA, loraOfBoth, full
  case classifier, visionClassifier, gate, bottleneck, prompt
  case norms, visionPreNorm, biases
  case shallowVisualPrompts, deepVisualPrompts
  case textFactors, factorsOfBoth, textDoRA, doraOfBoth

  func make(
    _ configuration: CLIPConfiguration, _ prompts: ClassPrompts
  ) -> any AdaptationMethod {
    func lora(_ tower: Tower, _ modules: [LinearModule], rank: Int) -> LoRAMethod {
      LoRAMethod(configuration, tower: tower, modules: modules, rank: rank, alpha: 4)
    }
    func dora(_ tower: Tower, _ modules: [LinearModule], rank: Int) -> DoRAMethod {
      DoRAMethod(configuration, tower: tower, modules: modules, rank: rank, alpha: 4)
    }
    return switch self {
    case .textLoRA: lora(.text, [.output], rank: 2)
    case .visionLoRA: lora(.vision, [.query, .value], rank: 2)
    case .loraOfBoth: lora(.both, LinearModule.allCases, rank: 3)
    case .full: FineTuning(configuration)
    case .classifier: ClassifierMethod(configuration, prompts: prompts, trainsVision: false)
    case .visionClassifier: ClassifierMethod(configuration, prompts: prompts, trainsVision: true)
    case .gate: GateMethod(configuration)
    case .bottleneck: BottleneckMethod(configuration)
    case .prompt: PromptMethod(configuration, prompts: prompts.tokens, words: 2)
    case .norms: FineTuning(configuration, .norms(.both, Set(NormPosition.allCases)))
    case .visionPreNorm: FineTuning(configuration, .norms(.vision, [.pre]))
    case .biases: FineTuning(configuration, .biases(.both))
    case .textFactors:
      IA3Method(configuration, tower: .text, modules: [.key, .value, .contraction])
    case .factorsOfBoth:
      IA3Method(configuration, tower: .both, modules: LinearModule.allCases)
    case .textDoRA: dora(.text, [.output], rank: 2)
    case .doraOfBoth: dora(.both, LinearModule.allCases, rank: 3)
    case .shallowVisualPrompts: VisualPromptMethod(configuration, count: 3, isDeep: false)
    case .deepVisualPrompts: VisualPromptMethod(configuration, count: 3, isDeep: true)
    }
  }
}

extension ClientTrainer {
  /// One client's training, without precomputed prompt features of the version.
  func train(
    from version: [Float], batches: [[Int]], memory: OptimizerMemory? = nil,
    _ context: ComputeContext
  ) -> Result {
    train([ClientTask(memory: memory) { batches }], from: version, context)[0]
  }
}
