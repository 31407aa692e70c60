import Tensors

/// The shape of one transformer tower.
public struct TowerConfiguration: Sendable, Equatable {
  /// The width of the residual stream (`hidden_size`).
  public var width: Int
  /// The hidden width of the MLP (`intermediate_size`).
  public var mlpWidth: Int
  /// The number of blocks (`num_hidden_layers`).
  public var layers: Int
  /// The number of attention heads (`num_attention_heads`), which divides the width.
  public var heads: Int
  /// `hidden_act`
  public var activation: Activation
  /// `layer_norm_eps`
  public var layerNormEpsilon: Float

  public init(
    width: Int, mlpWidth: Int, layers: Int, heads: Int, activation: Activation = .quickGELU,
    layerNormEpsilon: Float = 1e-5
  ) {
    self.width = width
    self.mlpWidth = mlpWidth
    self.layers = layers
    self.heads = heads
    self.activation = activation
    self.layerNormEpsilon = layerNormEpsilon
  }
}
