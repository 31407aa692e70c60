import CLIP
import Randomness
import Tensors

/// Low-rank adaptation of selected linear layers, in FLORA's form.
///
/// y = W x + b + scale B A x, with A [rank, inputs] drawn from N(0, 1/rank) and B [outputs, rank]
/// zero, so that training starts from the base's predictions. The scale is alpha, not divided by
/// the rank (arXiv 2404.15182; the low-rank form is from arXiv 2106.09685), or alpha / √rank (arXiv
/// 2312.03732).
package struct LoRAMethod: AdaptationMethod {
  package let tower: Tower
  package let modules: [LinearModule]
  package let rank: Int
  package let alpha: Float
  package let scaling: LoRAScaling
  package let trainable: ParameterLayout
  /// The factors that training starts from; nil to draw them at random.
  var start: [Float]?
  let layers: [AdaptedLayers.Layer]
  /// The adapted layers' sizes, and the layout of their factors.
  package let shape: LoRAShape
  /// The base's parameter index of each adapted layer's weight, in the shape's order.
  package let weights: [Int]
  private let configuration: CLIPConfiguration

  /// The factors of every block's `modules` in the given tower, A before B, in the tower's order.
  package init(
    _ configuration: CLIPConfiguration, tower: Tower, modules: [LinearModule], rank: Int,
    alpha: Float, scaling: LoRAScaling = .plain
  ) {
    self.configuration = configuration
    self.tower = tower
    self.modules = LinearModule.allCases.filter(modules.contains)
    self.rank = rank
    self.alpha = alpha
    self.scaling = scaling
    layers = AdaptedLayers(configuration, tower, modules).layers
    var layout = ParameterLayout()
    for layer in layers {
      layout.append("\(layer.path).lora_A.weight", [rank, layer.projection.inputs])
      layout.append("\(layer.path).lora_B.weight", [layer.projection.outputs, rank])
    }
    trainable = layout
    shape = LoRAShape(
      layers: layers.map { .init(inputs: $0.projection.inputs, outputs: $0.projection.outputs) },
      scaling: scaling)
    weights = layers.map(\.projection.weight)
  }

  /// The rank and alpha of the factors.
  package var size: LoRASize { LoRASize(rank: rank, alpha: alpha) }

  /// The method with new factors of another size on the same layers.
  package func resized(_ size: LoRASize) -> LoRAMethod {
    LoRAMethod(
      configuration, tower: tower, modules: modules, rank: size.rank, alpha: size.alpha,
      scaling: scaling)
  }

  /// The layout of the adapted layers' own weights under the base's names.
  var weightLayout: ParameterLayout {
    let entries = CLIPParameters(configuration).layout.entries
    var layout = ParameterLayout()
    for weight in weights { layout.append(entries[weight].name, entries[weight].shape) }
    return layout
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    if let start { return start }
    var stream = RandomStream(seed: seed, purpose: "lora-start")
    return shape.drawnFactors(rank: rank, using: &stream)
  }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = ParameterTable(frozen: base)
    for (layer, weight) in weights.enumerated() {
      let a = shape.range(of: .a, layer, rank: rank).lowerBound
      let b = shape.range(of: .b, layer, rank: rank).lowerBound
      table.updates[weight] = LowRankUpdates([
        LowRankUpdate(
          a: Parameter(value: parameters + a, gradient: gradient.map { $0 + a }),
          b: Parameter(value: parameters + b, gradient: gradient.map { $0 + b }),
          rank: rank, scale: shape.scale(size))
      ])
    }
    return table
  }
}
