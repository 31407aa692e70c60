import CLIP
import Foundation
import Tensors

/// Weight-decomposed low-rank adaptation of selected linear layers (DoRA, Liu et al., arXiv
/// 2402.09353), in PEFT's form.
///
/// y = m / ‖W + scale B A‖ ⊙ (W x + scale B A x) + b, with LoRA's factors and a magnitude m
/// [outputs]; the norms are those of the rows. m is initialised with ‖W‖ and B with zero, so that
/// training starts from the base's predictions. As in the paper's section 4.3 and in PEFT, the norm
/// is a constant in the gradient.
///
/// Every pass computes B A and the norms from the current factors, 2 outputs inputs rank operations
/// per layer. (PEFT's code also multiplies A by an identity matrix, which is not counted.)
package struct DoRAMethod: AdaptationMethod {
  /// The factors of the direction.
  package let lora: LoRAMethod
  /// LoRA's factors, followed by the magnitudes of all layers.
  package let trainable: ParameterLayout
  /// The parameters that training starts from; nil for the base's.
  private var start: [Float]?

  package init(
    _ configuration: CLIPConfiguration, tower: Tower, modules: [LinearModule], rank: Int,
    alpha: Float, scaling: LoRAScaling = .plain
  ) {
    lora = LoRAMethod(
      configuration, tower: tower, modules: modules, rank: rank, alpha: alpha, scaling: scaling)
    var layout = lora.trainable
    for layer in lora.layers {
      layout.append("\(layer.path).lora_magnitude_vector", [layer.projection.outputs])
    }
    trainable = layout
  }

  /// Creates the method of an adapter, initialised with its values.
  ///
  /// - Throws: `ModelError` if the adapter does not match the configuration.
  package init(_ configuration: CLIPConfiguration, _ adapter: PEFTAdapter) throws(ModelError) {
    self.init(
      configuration, tower: adapter.tower, modules: adapter.modules, rank: adapter.rank,
      alpha: adapter.alpha, scaling: adapter.scaling)
    start = try adapter.parameters(trainable)
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    if let start { return start }
    return lora.initialParameters(of: model, seed: seed)
      + lora.layers.flatMap { layer in
        MagnitudeUpdate.norms(
          model.weights.values[layer.projection.weight], outputs: layer.projection.outputs,
          inputs: layer.projection.inputs)
      }
  }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = lora.table(base: base, parameters: parameters, gradient: gradient)
    let magnitudes = trainable.entries.suffix(lora.layers.count)
    for (layer, entry) in zip(lora.layers, magnitudes) {
      let weight = layer.projection.weight
      guard let factors = table.updates[weight] as? LowRankUpdates else { continue }
      table.updates[weight] = MagnitudeUpdate(
        factors.clients[0],
        magnitude: Parameter(
          value: parameters + entry.offset, gradient: gradient.map { $0 + entry.offset }))
    }
    return table
  }

  /// Writes the adapter in PEFT's format.
  package func write(_ parameters: [Float], to directory: URL) throws {
    try PEFTFiles.write(lora.peftConfiguration(isDoRA: true), parameters, trainable, to: directory)
  }

  package func read(from directory: URL) throws(ModelError) -> [Float] {
    try PEFTFiles.read(trainable, from: directory)
  }
}
