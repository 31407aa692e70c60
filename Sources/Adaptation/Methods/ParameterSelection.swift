/// Which of the base model's parameters a method trains, by Hugging Face's names.
package enum ParameterSelection: Sendable {
  /// Every parameter.
  case all
  /// Weights and biases of layer normalizations at the given positions.
  ///
  /// With the vision tower's `pre` alone this is NormFit (NeurIPS 2025). Its backward pass still crosses the
  /// whole tower, because that normalization precedes all blocks.
  case norms(Tower, Set<NormPosition>)
  /// Biases of linear layers and normalizations (BitFit, arXiv 2106.10199).
  case biases(Tower)

  func contains(_ name: String) -> Bool {
    switch self {
    case .all: true
    case .norms(let tower, let positions):
      tower.contains(name) && NormPosition(of: name).map(positions.contains) ?? false
    case .biases(let tower): tower.contains(name) && name.hasSuffix(".bias")
    }
  }
}

/// Where a layer normalization is in a tower.
public enum NormPosition: String, Codable, Sendable, CaseIterable {
  /// Before the blocks; only in the vision tower.
  case pre
  /// Both normalizations of each block.
  case blocks
  /// After the blocks.
  case post

  /// Nil if the parameter does not belong to a normalization.
  init?(of name: String) {
    if name.contains(".pre_layrnorm.") {
      self = .pre
    } else if name.contains(".layer_norm1.") || name.contains(".layer_norm2.") {
      self = .blocks
    } else if name.contains(".post_layernorm.") || name.contains(".final_layer_norm.") {
      self = .post
    } else {
      return nil
    }
  }
}

extension Tower {
  /// Whether the named parameter belongs to the tower.
  fileprivate func contains(_ name: String) -> Bool {
    includesText && name.hasPrefix("text_model.")
      || includesVision && name.hasPrefix("vision_model.")
  }
}
