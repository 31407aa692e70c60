/// The linear layers of a transformer block, by Hugging Face's names.
public enum LinearModule: String, Codable, Sendable, CaseIterable {
  case query = "q_proj"
  case key = "k_proj"
  case value = "v_proj"
  case output = "out_proj"
  case expansion = "fc1"
  case contraction = "fc2"

  /// The path of the layer inside its block: `self_attn.out_proj`, `mlp.fc1`.
  public var path: String {
    switch self {
    case .query, .key, .value, .output: "self_attn.\(rawValue)"
    case .expansion, .contraction: "mlp.\(rawValue)"
    }
  }

  /// The layer's inputs and outputs in a tower of the given shape.
  public func shape(in tower: TowerConfiguration) -> (inputs: Int, outputs: Int) {
    switch self {
    case .query, .key, .value, .output: (tower.width, tower.width)
    case .expansion: (tower.width, tower.mlpWidth)
    case .contraction: (tower.mlpWidth, tower.width)
    }
  }
}
