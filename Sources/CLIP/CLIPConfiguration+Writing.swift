import Foundation
import Tensors

extension CLIPConfiguration {
  /// Writes the configuration as Hugging Face's `config.json` with every field.
  package func write(to file: URL) throws {
    func tower(_ tower: TowerConfiguration) -> [String: Any] {
      [
        "hidden_size": tower.width, "intermediate_size": tower.mlpWidth,
        "num_hidden_layers": tower.layers, "num_attention_heads": tower.heads,
        "hidden_act": tower.activation.rawValue,
        "layer_norm_eps": NSDecimalNumber(string: "\(tower.layerNormEpsilon)"),
        "projection_dim": projectionWidth, "attention_dropout": 0,
      ]
    }
    let textFields: [String: Any] = [
      "model_type": "clip_text_model", "vocab_size": vocabularySize,
      "max_position_embeddings": contextLength, "eos_token_id": Int(endTokenID),
      "bos_token_id": Int(endTokenID) - 1, "pad_token_id": Int(endTokenID),
    ]
    let visionFields: [String: Any] = [
      "model_type": "clip_vision_model", "image_size": imageSize, "patch_size": patchSize,
      "num_channels": channels,
    ]
    let json: [String: Any] = [
      "architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": projectionWidth,
      "logit_scale_init_value": NSDecimalNumber(string: "\(initialLogitScale)"),
      "text_config": tower(text).merging(textFields) { $1 },
      "vision_config": tower(vision).merging(visionFields) { $1 },
    ]
    try JSONSerialization.data(withJSONObject: json, options: [.prettyPrinted, .sortedKeys])
      .write(to: file, options: .atomic)
  }
}
