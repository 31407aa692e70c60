import CLIP
import Foundation
import Tensors
import TestSupport

@testable import Adaptation

/// A row of Tests/Fixtures/memory or Tests/Fixtures/time: PyTorch's memory or traffic in a step.
struct MeasuredStep: CustomStringConvertible {
  let description: String
  let shape: String
  let method: String
  let loss: Loss
  let runtime: DeviceRuntime
  let optimizer: Optimizer
  let batch: Int
  let techniques: TrainingTechniques
  /// The measured values.
  let values: [Int]

  static func all(_ path: String) throws -> [MeasuredStep] {
    let url = Fixtures.directory.appending(path: path)
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    let hasTechniques = lines[0].contains("base_precision")
    return lines.dropFirst().map { MeasuredStep($0, hasTechniques: hasTechniques) }
  }

  private init(_ line: Substring, hasTechniques named: Bool) {
    description = String(line)
    let cells = line.split(separator: ",").map(String.init)
    shape = cells[0]
    method = cells[1]
    loss = Loss(rawValue: cells[2])!
    runtime = cells[3] == "eager" ? .pytorch : .pytorchSDPA
    let kind = cells[4].split(separator: "-")[0]
    optimizer = Optimizer(
      kind: Optimizer.Kind(rawValue: String(kind))!,
      weightDecay: cells[4].hasSuffix("without-decay") ? 0 : 0.2)
    batch = Int(cells[5])!
    techniques =
      named
      ? TrainingTechniques(
        precision: Precision(rawValue: cells[7])!,
        basePrecision: BasePrecision(rawValue: cells[8])!,
        checkpointing: .init(rawValue: cells[9])!,
        microBatch: Int(cells[10]).flatMap { $0 > 0 ? $0 : nil }) : TrainingTechniques()
    values = (named ? [cells[6], cells[11]] : Array(cells[6...].dropLast(2))).map { Int($0)! }
  }

  /// The cost model of the same step.
  func costs(_ bases: inout [String: MeasuredBase]) -> CostModel {
    let base = bases[shape] ?? MeasuredBase(shape)
    bases[shape] = base
    return CostModel(
      AdaptedModel(base.model, base.method(method)),
      LocalTraining(
        loss: loss, optimizer: optimizer, batchSize: batch, techniques: techniques),
      prompts: base.prompts,
      plan: .reference, runtime: runtime)
  }
}

/// A CLIP of `scripts/memory_tools/shapes.py`, without weights, and its methods.
struct MeasuredBase {
  let model: CLIPModel
  let prompts: ClassPrompts

  init(_ name: String) {
    let configuration = Self.configurations[name]!
    model = CLIPModel(configuration, weights: CLIPWeights(unread: configuration))
    prompts = ClassPrompts(
      (0..<10).map { [1, 2, 3, 4, 5, 10 + $0, 6, configuration.endTokenID] }, configuration)
  }

  private static let configurations: [String: CLIPConfiguration] = [
    "nano": nano(.quickGELU), "nano-gelu": nano(.gelu),
    "uneven": CLIPConfiguration(
      text: TowerConfiguration(width: 96, mlpWidth: 200, layers: 3, heads: 4),
      vision: TowerConfiguration(width: 160, mlpWidth: 512, layers: 5, heads: 5),
      projectionWidth: 72, vocabularySize: 500, contextLength: 20, endTokenID: 499, imageSize: 48,
      patchSize: 8),
    "small": CLIPConfiguration(
      text: TowerConfiguration(width: 192, mlpWidth: 768, layers: 6, heads: 3),
      vision: TowerConfiguration(width: 192, mlpWidth: 768, layers: 6, heads: 3),
      projectionWidth: 192, vocabularySize: 884, contextLength: 32, endTokenID: 883, imageSize: 32,
      patchSize: 4),
    "vit-b-32": .vitB32,
  ]

  private static func nano(_ activation: Activation) -> CLIPConfiguration {
    let tower = TowerConfiguration(
      width: 128, mlpWidth: 512, layers: 4, heads: 2, activation: activation)
    return CLIPConfiguration(
      text: tower, vision: tower, projectionWidth: 128, vocabularySize: 2048, contextLength: 32,
      endTokenID: 2047, imageSize: 28, patchSize: 7)
  }

  func method(_ name: String) -> any AdaptationMethod {
    let configuration = model.configuration
    switch name {
    case "flora": return lora(.text, [.output], rank: 2)
    case "fedfft": return FineTuning(configuration)
    case "fedlc":
      return ClassifierMethod(configuration, prompts: prompts, trainsVision: false)
    case "fedvmlc":
      return ClassifierMethod(configuration, prompts: prompts, trainsVision: true)
    case "fedaa": return GateMethod(configuration)
    case "fedca": return BottleneckMethod(configuration)
    case "norm-vision-pre": return FineTuning(configuration, .norms(.vision, [.pre]))
    case "norm-both":
      return FineTuning(configuration, .norms(.both, Set(NormPosition.allCases)))
    case "bias-both": return FineTuning(configuration, .biases(.both))
    case "ia3-text":
      return IA3Method(configuration, tower: .text, modules: [.key, .value, .contraction])
    case "ia3-both":
      return IA3Method(configuration, tower: .both, modules: [.key, .value, .contraction])
    case "dora-text-output-r2":
      return DoRAMethod(configuration, tower: .text, modules: [.output], rank: 2, alpha: 32)
    case "dora-both-all-r2":
      return DoRAMethod(
        configuration, tower: .both, modules: LinearModule.allCases, rank: 2, alpha: 32)
    case "vpt-shallow": return VisualPromptMethod(configuration, count: 8, isDeep: false)
    case "vpt-deep": return VisualPromptMethod(configuration, count: 8, isDeep: true)
    case "fedprompt": return PromptMethod(configuration, prompts: prompts.tokens, words: 4)
    default: return namedLoRA(name)
    }
  }

  /// lora-TOWER-LAYERS-rRANK, followed by the trained part if it is not the whole.
  private func namedLoRA(_ name: String) -> any AdaptationMethod {
    let layers: [String: [LinearModule]] = [
      "output": [.output], "query": [.query], "value": [.value],
      "perceptron": [.expansion, .contraction], "all": LinearModule.allCases,
    ]
    let words = name.split(separator: "-").map(String.init)
    let end = words.lastIndex { $0.hasPrefix("r") && Int($0.dropFirst()) != nil }!
    let rank = Int(words[end].dropFirst())!
    let lora = lora(
      Tower(rawValue: words[1])!, words[2..<end].flatMap { layers[$0]! }, rank: rank)
    guard end < words.count - 1 else { return lora }
    let part = LoRAPart(rawValue: words[end + 1])!
    return PartialLoRA(
      lora, part: part, factors: .init(repeating: 0, count: lora.trainable.count),
      start: .init(repeating: 0, count: lora.shape.count(of: part, rank: rank)), merged: [],
      of: model)
  }

  private func lora(_ tower: Tower, _ modules: [LinearModule], rank: Int) -> LoRAMethod {
    LoRAMethod(model.configuration, tower: tower, modules: modules, rank: rank, alpha: 32)
  }
}
