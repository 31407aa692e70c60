import CLIP

/// Model shapes without weights, for timing-only runs.
public enum BaseShapes {
  /// The names that the `model.base` of a timing-only scenario accepts.
  public static let names = ["vit-b-32"]

  /// The shape of a model, or nil if the name is unknown.
  static func configuration(of name: String) -> CLIPConfiguration? {
    guard name == "vit-b-32" else { return nil }
    // openai/clip-vit-base-patch32 (Radford et al., arXiv 2103.00020, table 20).
    return CLIPConfiguration(
      text: TowerConfiguration(width: 512, mlpWidth: 2048, layers: 12, heads: 8),
      vision: TowerConfiguration(width: 768, mlpWidth: 3072, layers: 12, heads: 12),
      projectionWidth: 512, vocabularySize: 49408, contextLength: 77, endTokenID: 49407,
      imageSize: 224, patchSize: 32)
  }
}
