import CLIP
import Foundation
import TestSupport
import Testing

@testable import Adaptation

/// Error messages for unusable adapters.
struct PEFTAdapterFaultTests {
  private let model: CLIPModel
  private let folder: TemporaryFolder
  private let tensors: [Tensor]
  private var configuration: URL { folder.url.appending(path: "adapter_config.json") }
  private var factors: URL { folder.url.appending(path: "adapter_model.safetensors") }
  private static let layer = "base_model.model.vision_model.encoder.layers"

  /// An adapter of the output projections in three blocks of the vision tower.
  init() throws {
    model = try Fixtures.clip("odd-widths")
    folder = try TemporaryFolder()
    let method = LoRAMethod(
      model.configuration, tower: .vision, modules: [.output], rank: 2, alpha: 3)
    let numbers = randomNumbers(method.trainable.count, seed: 1)
    try method.write(numbers, to: folder.url)
    tensors = method.trainable.entries.map {
      ("base_model.model.\($0.name)", $0.shape, numbers[$0.range])
    }
  }

  @Test func `a missing file is named`() throws {
    try FileManager.default.removeItem(at: factors)
    #expect(sentence() == "\(factors.path) cannot be opened: No such file or directory")
    try FileManager.default.removeItem(at: configuration)
    #expect(
      sentence()
        == "\(configuration.path) cannot be read; a PEFT adapter is a folder that contains "
        + "adapter_config.json")
  }

  @Test(arguments: ["", "[]", "{", "null"])
  func `a configuration that is not a JSON object is rejected`(text: String) throws {
    try Data(text.utf8).write(to: configuration)
    #expect(
      sentence() == "\(configuration.path) is not a PEFT configuration: it is not a JSON object")
  }

  @Test(arguments: [
    (#""use_dora": true"#, "use_dora to true"),
    (#""rank_pattern": {"q_proj": 4}"#, "rank_pattern to {q_proj: 4}"),
    (#""alpha_pattern": {"q_proj": 4}"#, "alpha_pattern to {q_proj: 4}"),
    (#""modules_to_save": ["visual_projection"]"#, #"modules_to_save to ["visual_projection"]"#),
    (#""layers_to_transform": [0]"#, "layers_to_transform to [0]"),
    (#""layer_replication": [[0, 1]]"#, "layer_replication to [[0, 1]]"),
    (#""fan_in_fan_out": true"#, "fan_in_fan_out to true"),
    (#""bias": "lora_only""#, #"bias to "lora_only""#),
    (#""lora_bias": true"#, "lora_bias to true"),
    (#""init_lora_weights": "pissa""#, #"init_lora_weights to "pissa""#),
    (#""invented_later": 0.5"#, "invented_later to 0.5"),
  ])
  func `a field that changes the computation is rejected`(field: String, setting: String) throws {
    try add(field)
    #expect(
      sentence()
        == "\(configuration.path) sets \(setting); only y = W x + b + alpha B A x with one rank "
        + "is supported")
  }

  @Test(arguments: [
    #""use_dora": false"#, #""rank_pattern": {}"#, #""modules_to_save": null"#,
    #""lora_dropout": 0.1"#, #""init_lora_weights": true"#, #""init_lora_weights": "gaussian""#,
    #""base_model_name_or_path": "somewhere/else""#, #""invented_later": null"#,
  ])
  func `a field without effect is ignored`(field: String) throws {
    try add(field)
    #expect(throws: Never.self) { try read() }
  }

  @Test(arguments: [
    (#""peft_type": "LOHA""#, "is not a LoRA configuration: its peft_type is not LORA"),
    (#""r": 0"#, "gives r as 0, which is not a valid rank"),
    (#""r": 1.5"#, "gives r as 1.5, which is not a valid rank"),
    (#""r": "2""#, #"gives r as "2", which is not a valid rank"#),
    (#""lora_alpha": null"#, "gives lora_alpha as null, which is not a valid factor"),
    (#""use_rslora": 1"#, "gives use_rslora as 1, not true or false"),
    (
      #""target_modules": "(""#,
      "gives target_modules as (, which is not a valid regular expression"
    ),
    (
      #""target_modules": null"#,
      "has no target_modules; give a list of names or one regular expression"
    ),
  ])
  func `an impossible value is named with its field`(field: String, fault: String) throws {
    try add(field)
    #expect(sentence() == "\(configuration.path) \(fault)")
  }

  @Test(arguments: [
    #"["out_proj"]"#, #"["self_attn.out_proj", "q_proj"]"#, #""all-linear""#,
    #"".*vision_model.*(q_proj|out_proj)""#,
  ])
  func `targets may match more layers than exist`(targets: String) throws {
    try add(#""target_modules": \#(targets)"#)
    #expect(try read().modules == [.output])
  }

  @Test(arguments: [#"["q_proj"]"#, #"["proj"]"#, #""text_model.*""#, "[]"])
  func `factors that PEFT would ignore are rejected`(targets: String) throws {
    try add(#""target_modules": \#(targets)"#)
    #expect(
      sentence()
        == "\(factors.path) holds \(Self.layer).0.self_attn.out_proj.lora_A.weight, but "
        + "target_modules in adapter_config.json does not match "
        + "vision_model.encoder.layers.0.self_attn.out_proj")
  }

  @Test func `a missing factor is named`() throws {
    let name = "\(Self.layer).1.self_attn.out_proj.lora_B.weight"
    try SafetensorsWriter.write(tensors.filter { $0.name != name }, to: factors)
    #expect(sentence() == "\(factors.path) has no tensor \(name)")
  }

  @Test func `factors of a nonexistent block are named`() throws {
    let name = "\(Self.layer).3.self_attn.out_proj.lora_A.weight"
    try SafetensorsWriter.write(tensors + [(name, [2, 20], tensors[0].values)], to: factors)
    #expect(sentence() == "\(factors.path) holds \(name), but the model has no such layer")
  }

  @Test(arguments: [
    "base_model.model.visual_projection.lora_A.weight",
    "base_model.model.vision_model.encoder.layers.0.mlp.fc3.lora_A.weight",
    "base_model.model.vision_model.encoder.layers.0.self_attn.out_proj.weight",
    "vision_model.encoder.layers.0.self_attn.out_proj.lora_A.weight",
  ])
  func `a tensor that is not a factor of a block's layer is named`(name: String) throws {
    try SafetensorsWriter.write(tensors + [(name, [2, 20], tensors[0].values)], to: factors)
    #expect(
      sentence()
        == "\(factors.path) holds \(name), which is not a LoRA factor of a linear layer in CLIP's blocks"
    )
  }

  @Test func `a factor with a different rank is named with both shapes`() throws {
    try add(#""r": 4"#)
    #expect(
      sentence()
        == "\(factors.path) holds \(Self.layer).0.self_attn.out_proj.lora_A.weight with the shape "
        + "[2, 20] instead of [4, 20]")
  }

  @Test func `an adapter without factors is rejected`() throws {
    try SafetensorsWriter.write([], to: factors)
    #expect(sentence() == "\(factors.path) holds no LoRA factors")
  }

  private typealias Tensor = (name: String, shape: [Int], values: ArraySlice<Float>)

  /// Sets one field of the configuration.
  private func add(_ field: String) throws {
    let old = try Self.object(Data(contentsOf: configuration))
    let new = try Self.object(Data("{\(field)}".utf8))
    try JSONSerialization.data(withJSONObject: old.merging(new) { $1 }).write(to: configuration)
  }

  private static func object(_ data: Data) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @discardableResult
  private func read() throws -> LoRAMethod {
    try LoRAMethod(model.configuration, PEFTAdapter(directory: folder.url, kind: .lora))
  }

  private func sentence() -> String? {
    #expect(throws: ModelError.self) { try read() }?.description
  }
}
