import CLIP
import Foundation
import Tensors

/// Learned factors for the inputs or outputs of selected linear layers ((IA)³, Liu et al., arXiv
/// 2205.05638), in PEFT's form.
///
/// Every layer but `fc2` computes y = l ⊙ (W x + b) with l [outputs, 1]; `fc2`, PEFT's feed-forward
/// module, computes y = W (l ⊙ x) + b with l [1, inputs]. All l are initialised with 1, so that
/// training starts from the base's predictions. The paper adapts keys, values and `fc2`.
package struct IA3Method: AdaptationMethod {
  package let tower: Tower
  package let modules: [LinearModule]
  package let trainable: ParameterLayout
  /// The factors that training starts from; nil for 1.
  private var start: [Float]?
  private let layers: AdaptedLayers

  package init(_ configuration: CLIPConfiguration, tower: Tower, modules: [LinearModule]) {
    self.tower = tower
    self.modules = LinearModule.allCases.filter(modules.contains)
    layers = AdaptedLayers(configuration, tower, modules)
    var layout = ParameterLayout()
    for layer in layers.layers {
      layout.append(
        "\(layer.path).ia3_l",
        layer.module.scaledSide == .inputs
          ? [1, layer.projection.inputs] : [layer.projection.outputs, 1])
    }
    trainable = layout
  }

  /// Creates the method of an adapter, initialised with its factors.
  ///
  /// - Throws: `ModelError` if the adapter does not match the configuration.
  package init(_ configuration: CLIPConfiguration, _ adapter: PEFTAdapter) throws(ModelError) {
    self.init(configuration, tower: adapter.tower, modules: adapter.modules)
    start = try adapter.parameters(trainable)
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    start ?? [Float](repeating: 1, count: trainable.count)
  }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = ParameterTable(frozen: base)
    for (layer, entry) in zip(layers.layers, trainable.entries) {
      table.updates[layer.projection.weight] = ScalingUpdate(
        Parameter(
          value: parameters + entry.offset, gradient: gradient.map { $0 + entry.offset }),
        of: layer.module.scaledSide)
    }
    return table
  }

  /// Writes the adapter in PEFT's format.
  package func write(_ parameters: [Float], to directory: URL) throws {
    let isScaledBefore = modules.filter { $0.scaledSide == .inputs }
    try PEFTFiles.write(
      IA3Configuration(
        targetModules: AdaptedLayers.expression(tower, modules),
        feedforwardModules: isScaledBefore.isEmpty
          ? nil : AdaptedLayers.expression(tower, isScaledBefore)),
      parameters, trainable, to: directory)
  }

  package func read(from directory: URL) throws(ModelError) -> [Float] {
    try PEFTFiles.read(trainable, from: directory)
  }
}

extension LinearModule {
  /// What (IA)³ scales: the inputs of the MLP's second layer, the outputs of the others.
  fileprivate var scaledSide: ScalingUpdate.Side { self == .contraction ? .inputs : .outputs }
}

/// PEFT's `adapter_config.json` for (IA)³.
private struct IA3Configuration: Encodable {
  let peftType = "IA3"
  let targetModules: String
  let feedforwardModules: String?
  let fanInFanOut = false
  let inferenceMode = true

  enum CodingKeys: String, CodingKey {
    case peftType = "peft_type"
    case targetModules = "target_modules"
    case feedforwardModules = "feedforward_modules"
    case fanInFanOut = "fan_in_fan_out"
    case inferenceMode = "inference_mode"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(peftType, forKey: .peftType)
    try container.encode(targetModules, forKey: .targetModules)
    // PEFT reads a missing list like an empty one; it cannot read null here.
    if let feedforwardModules {
      try container.encode(feedforwardModules, forKey: .feedforwardModules)
    } else {
      try container.encode([String](), forKey: .feedforwardModules)
    }
    try container.encode(fanInFanOut, forKey: .fanInFanOut)
    try container.encode(inferenceMode, forKey: .inferenceMode)
  }
}
