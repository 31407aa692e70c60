import CLIP
import Foundation
import TestSupport
import Testing

@testable import Adaptation

/// A LoRA adapter's files in PEFT's format, and other methods' files.
struct PEFTFilesTests {
  private let model: CLIPModel
  private let folder: TemporaryFolder

  init() throws {
    model = try Fixtures.clip("tiny")
    folder = try TemporaryFolder()
  }

  @Test func `the configuration gives PEFT the scaling and the target layers`() throws {
    let method = GradientTests.lora("lora_text", model.configuration)
    try method.write(.init(repeating: 0, count: method.trainable.count), to: folder.url)
    let json = try configuration()
    #expect(json["peft_type"] as? String == "LORA")
    #expect(json["r"] as? Int == 2)
    // PEFT multiplies by lora_alpha / r, this project by alpha = 32.
    #expect(json["lora_alpha"] as? Double == 64)
    #expect(json["bias"] as? String == "none")
    #expect(json["lora_dropout"] as? Double == 0)
    #expect(json["fan_in_fan_out"] as? Bool == false)
    #expect(json["use_rslora"] as? Bool == false)
    #expect(json["inference_mode"] as? Bool == true)
  }

  @Test(arguments: Tower.allCases, [[.output], [.query, .value], LinearModule.allCases])
  func `the target modules match the adapted layers and no others`(
    tower: Tower, modules: [LinearModule]
  ) throws {
    let method = LoRAMethod(
      model.configuration, tower: tower, modules: modules, rank: 3, alpha: 4)
    try method.write(.init(repeating: 0, count: method.trainable.count), to: folder.url)
    let pattern = try Regex(configuration()["target_modules"] as? String ?? "")
    let layers = model.parameters.layout.entries.map(\.name)
      .filter { $0.hasSuffix(".weight") }.map { String($0.dropLast(".weight".count)) }
    let matched = try layers.filter { try pattern.wholeMatch(in: $0) != nil }
    let adapted = method.trainable.entries.map(\.name)
      .filter { $0.hasSuffix(".lora_A.weight") }.map { $0.dropLast(".lora_A.weight".count) }
    #expect(Set(matched) == Set(adapted.map(String.init)))
    #expect(adapted.count == (tower == .both ? 4 : 2) * modules.count)
  }

  @Test func `the factors have PEFT's names and shapes, and unchanged values`() throws {
    let method = GradientTests.lora("lora_text", model.configuration)
    let numbers = randomNumbers(method.trainable.count, seed: 1)
    try method.write(numbers, to: folder.url)
    let file = try SafetensorsFile(folder.url.appending(path: "adapter_model.safetensors"))
    let layer = "base_model.model.text_model.encoder.layers"
    let shapes = [0, 1].flatMap { index in
      [
        ("\(layer).\(index).self_attn.out_proj.lora_A.weight", [2, 24]),
        ("\(layer).\(index).self_attn.out_proj.lora_B.weight", [24, 2]),
      ]
    }
    #expect(file.tensors.mapValues(\.shape) == Dictionary(uniqueKeysWithValues: shapes))
    #expect(try shapes.flatMap { try file.floats($0.0) } == numbers)
  }

  @Test(arguments: [Float.nan, .infinity])
  func `a NaN or infinite value in an adapter names the tensor`(number: Float) throws {
    let method = GradientTests.lora("lora_text", model.configuration)
    var numbers = randomNumbers(method.trainable.count, seed: 1)
    numbers[method.trainable.entries[1].offset] = number
    try method.write(numbers, to: folder.url)
    let name = LoRAMethod.peftName(method.trainable.entries[1].name)
    let file = folder.url.appending(path: "adapter_model.safetensors").path
    let sentence = "\(file) holds \(number.isNaN ? "NaN" : "an infinite number") in \(name); "
    let own = try #require(throws: ModelError.self) { try method.read(from: folder.url) }
    #expect(own.description.hasPrefix(sentence))
    let other = try #require(throws: ModelError.self) {
      try LoRAMethod(model.configuration, PEFTAdapter(directory: folder.url))
    }
    #expect(other.description.hasPrefix(sentence))
  }

  @Test func `full fine-tuning is written with the model's own names`() throws {
    let method = FineTuning(model.configuration)
    let numbers = method.initialParameters(of: model, seed: 0)
    try method.write(numbers, to: folder.url)
    let file = try SafetensorsFile(folder.url.appending(path: "model.safetensors"))
    let names = model.parameters.layout.entries.map(\.name).filter { $0 != "logit_scale" }
    #expect(file.tensors.keys.sorted() == names.sorted())
    #expect(try names.flatMap { try file.floats($0) } == numbers)
  }

  private func configuration() throws -> [String: Any] {
    let data = try Data(contentsOf: folder.url.appending(path: "adapter_config.json"))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }
}
