import CLIP
import Foundation
import Randomness
import Tensors

/// The initial parameters for training from scratch, following OpenAI's CLIP.
///
/// Normal with these deviations, where d is a tower's width and L its number of layers: attention
/// inputs d^-1/2, outputs into the residual stream d^-1/2 (2L)^-1/2, the MLP's expansion (2d)^-1/2,
/// projections d^-1/2, tokens 0.02, positions 0.01 (text) and d^-1/2 (vision). Biases are zero,
/// norms one, and the logit scale starts at ln(1 / 0.07).
enum CLIPInitialization {
  static func vector(_ configuration: CLIPConfiguration, seed: UInt64) -> [Float] {
    let layout = CLIPParameters(configuration).layout
    var stream = RandomStream(seed: seed, purpose: "initial weights")
    var vector = [Float](repeating: 0, count: layout.count)
    for entry in layout.entries {
      switch start(of: entry.name, configuration) {
      case .constant(let value):
        for index in entry.range { vector[index] = Float(value) }
      case .normal(let deviation):
        for index in entry.range { vector[index] = Float(deviation * stream.normal()) }
      }
    }
    return vector
  }

  private enum Start {
    case constant(Double)
    case normal(deviation: Double)
  }

  private static func start(of name: String, _ configuration: CLIPConfiguration) -> Start {
    let isText = name.hasPrefix("text")
    let tower = isText ? configuration.text : configuration.vision
    let deviation = 1 / Double(tower.width).squareRoot()
    let residual = deviation / Double(2 * tower.layers).squareRoot()
    if name == "logit_scale" { return .constant(log(1 / 0.07)) }
    if name.hasSuffix(".bias") { return .constant(0) }
    if name.contains("norm") || name.contains("layrnorm") { return .constant(1) }
    if name.contains("token_embedding") { return .normal(deviation: 0.02) }
    if name.contains("position_embedding"), isText { return .normal(deviation: 0.01) }
    if name.contains("out_proj") || name.contains("fc2") { return .normal(deviation: residual) }
    if name.contains("fc1") { return .normal(deviation: deviation / 2.0.squareRoot()) }
    return .normal(deviation: deviation)
  }
}
