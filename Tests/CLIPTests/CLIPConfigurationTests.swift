import Foundation
import TestSupport
import Testing

@testable import CLIP

/// `config.json` in Hugging Face's format.
struct CLIPConfigurationTests {
  private static let malformed =
    "is not a CLIP configuration: "
    + "it is not valid JSON, or a size in it is not an integer"

  @Test(arguments: [
    #"{"model_type":"clip"}"#, #"{"text_config":{},"vision_config":{}}"#,
    #"{"text_config":null,"vision_config":{"hidden_size":null}}"#,
  ])
  func `omitted fields default to ViT-B/32`(json: String) throws {
    let configuration = try read(json)
    #expect(configuration == .vitB32)
    #expect(configuration.patchCount == 49)
    #expect(configuration.pixelCount == 3 * 224 * 224)
    #expect(configuration.patchElements == 3072)
  }

  @Test func `every field is read from its location`() throws {
    let configuration = try CLIPConfiguration(
      file: Fixtures.directory.appending(path: "clip/tiny-gelu/config.json"))
    let text = TowerConfiguration(
      width: 16, mlpWidth: 28, layers: 2, heads: 2, activation: .gelu,
      layerNormEpsilon: 1e-6)
    let vision = TowerConfiguration(
      width: 24, mlpWidth: 36, layers: 2, heads: 3, activation: .gelu,
      layerNormEpsilon: 1e-6)
    #expect(
      configuration
        == CLIPConfiguration(
          text: text, vision: vision, projectionWidth: 12, vocabularySize: 40, contextLength: 10,
          endTokenID: 37, imageSize: 12, patchSize: 6))
  }

  /// transformers 5.24, `CLIPConfig(...)`: text (hidden_size, layer_norm_eps), vision (patch_size, hidden_act).
  @Test func `the older text_config_dict overrides text_config with its defaults`() throws {
    let configuration = try read(
      """
      {"model_type": "clip",
       "text_config": {"hidden_size": 64, "num_attention_heads": 4, "layer_norm_eps": 1e-6},
       "text_config_dict": {"hidden_size": 128},
       "vision_config": {"patch_size": 16, "hidden_act": "gelu"}, "vision_config_dict": null}
      """)
    #expect(configuration.text.width == 128 && configuration.text.heads == 8)
    #expect(configuration.text.layerNormEpsilon == 1e-5)
    #expect(configuration.patchSize == 16 && configuration.vision.activation == .gelu)
    #expect(
      try read(
        #"{"model_type": "clip", "vision_config": {"patch_size": 16}, "vision_config_dict": {}}"#)
        == .vitB32)
  }

  @Test(arguments: ["clip/tiny/config.json", "clip/tiny-gelu/config.json"])
  func `a written configuration is read back`(path: String) throws {
    let folder = try TemporaryFolder()
    var configuration = try CLIPConfiguration(file: Fixtures.directory.appending(path: path))
    configuration.initialLogitScale = 4.6052
    let file = folder.url.appending(path: "config.json")
    try configuration.write(to: file)
    #expect(try CLIPConfiguration(file: file) == configuration)
  }

  @Test(arguments: [
    (#"{"model_type":"bert"}"#, "describes a model of type bert; only clip is supported"),
    ("{}", "is not a CLIP configuration: it has no text_config and vision_config"),
    ("{", malformed), ("", malformed), (#"{"text_config":{"hidden_size":0.5}}"#, malformed),
    ("[1]", "is not a CLIP configuration: it is not a JSON object"),
    (
      #"{"text_config":{"hidden_size":"wide"}}"#,
      "is not a CLIP configuration: text_config.hidden_size has a value of the wrong type"
    ),
    (
      #"{"vision_config":{"hidden_act":"relu"}}"#,
      "is not a CLIP configuration: vision_config.hidden_act has an invalid value"
    ),
  ])
  func `an invalid CLIP configuration is reported in one sentence`(json: String, fault: String)
    throws
  {
    #expect(try sentence(json) == fault)
  }

  @Test(arguments: [
    (#"{"text_config":{"hidden_size":0}}"#, "gives hidden_size as 0, which is not a valid size"),
    (
      #"{"text_config":{"layer_norm_eps":-0.5}}"#,
      "gives layer_norm_eps as -0.5, which must not be negative"
    ),
    (
      #"{"vision_config":{"num_hidden_layers":-1}}"#,
      "gives num_hidden_layers as -1, which is not a valid size"
    ),
    (
      #"{"text_config":{"vocab_size":4000000000}}"#,
      "gives vocab_size as 4000000000, which is not a valid size"
    ),
    (
      #"{"text_config":{"num_attention_heads":7}}"#,
      "gives 7 attention heads; the width 512 must be a multiple of it"
    ),
    (
      #"{"text_config":{"num_attention_heads":0}}"#,
      "gives num_attention_heads as 0, which is not a valid size"
    ),
    (
      #"{"vision_config":{"patch_size":30}}"#,
      "gives patches of 30 pixels; the image size 224 must be a multiple of it"
    ),
    (
      #"{"vision_config":{"patch_size":0}}"#, "gives patch_size as 0, which is not a valid size"
    ),
    (#"{"vision_config":{"num_channels":1}}"#, "gives num_channels as 1; only 3 is supported"),
  ])
  func `impossible sizes are named`(json: String, fault: String) throws {
    #expect(try sentence(json) == fault)
  }

  @Test func `a missing file is named`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "config.json")
    let error = #expect(throws: ModelError.self) { try CLIPConfiguration(file: file) }
    #expect(
      error?.description
        == "\(file.path) cannot be read; a model is a folder that contains config.json")
  }

  private func read(_ json: String) throws -> CLIPConfiguration {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "config.json")
    try Data(json.utf8).write(to: file)
    return try CLIPConfiguration(file: file)
  }

  /// The error message for the file, after its name.
  private func sentence(_ json: String) throws -> String? {
    let error = #expect(throws: ModelError.self) { try read(json) }
    return error?.description.firstRange(of: "config.json ").map {
      String(error!.description[$0.upperBound...])
    }
  }
}
