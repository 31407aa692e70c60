import CLIP
import Foundation

/// The adapter in PEFT's format, which PEFT can load onto transformers' CLIPModel.
extension LoRAMethod {
  /// Creates the method of an adapter, initialised with its factors.
  ///
  /// - Throws: `ModelError` if the adapter does not match the configuration.
  package init(_ configuration: CLIPConfiguration, _ adapter: PEFTAdapter) throws(ModelError) {
    self.init(
      configuration, tower: adapter.tower, modules: adapter.modules, rank: adapter.rank,
      alpha: adapter.alpha, scaling: adapter.scaling)
    start = try adapter.parameters(trainable)
  }

  package func write(_ parameters: [Float], to directory: URL) throws {
    try PEFTFiles.write(peftConfiguration(isDoRA: nil), parameters, trainable, to: directory)
  }

  package func read(from directory: URL) throws(ModelError) -> [Float] {
    try PEFTFiles.read(trainable, from: directory)
  }

  /// PEFT's name for a factor, which has a prefix of two wrapper modules.
  static func peftName(_ name: String) -> String { "base_model.model.\(name)" }

  /// PEFT multiplies by lora_alpha / r where this project multiplies by alpha, or by
  /// lora_alpha / √r with use_rslora.
  ///
  /// - Parameter isDoRA: whether a magnitude is learned as well; nil omits the field.
  func peftConfiguration(isDoRA: Bool?) -> some Encodable {
    PEFTConfiguration(
      r: rank, loraAlpha: scaling == .rslora ? Double(alpha) : Double(alpha) * Double(rank),
      targetModules: AdaptedLayers.expression(tower, modules), useRslora: scaling == .rslora,
      useDora: isDoRA)
  }
}

private struct PEFTConfiguration: Encodable {
  let peftType = "LORA"
  let r: Int
  let loraAlpha: Double
  let targetModules: String
  let bias = "none"
  let loraDropout = 0.0
  let fanInFanOut = false
  let useRslora: Bool
  let useDora: Bool?
  let inferenceMode = true

  enum CodingKeys: String, CodingKey {
    case peftType = "peft_type"
    case r
    case loraAlpha = "lora_alpha"
    case targetModules = "target_modules"
    case bias
    case loraDropout = "lora_dropout"
    case fanInFanOut = "fan_in_fan_out"
    case useRslora = "use_rslora"
    case useDora = "use_dora"
    case inferenceMode = "inference_mode"
  }
}
