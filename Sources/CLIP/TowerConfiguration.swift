import Tensors

/// The shape of one transformer tower.
public struct TowerConfiguration: Sendable, Equatable {
  /// The width of a token (`hidden_size`).
  public var width: Int
  /// The width inside the perceptron (`intermediate_size`).
  public var perceptronWidth: Int
  /// Blocks (`num_hidden_layers`).
  public var layers: Int
  /// Attention heads (`num_attention_heads`); they divide the width.
  public var heads: Int
  /// `hidden_act`
  public var activation: Activation
  /// `layer_norm_eps`
  public var layerNormEpsilon: Float

  public init(
    width: Int, perceptronWidth: Int, layers: Int, heads: Int, activation: Activation = .quickGELU,
    layerNormEpsilon: Float = 1e-5
  ) {
    self.width = width
    self.perceptronWidth = perceptronWidth
    self.layers = layers
    self.heads = heads
    self.activation = activation
    self.layerNormEpsilon = layerNormEpsilon
  }
}
