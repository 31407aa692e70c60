import CLIP

extension CLIPConfiguration {
  /// The shape of openai/clip-vit-base-patch32.
  package static let vitB32 = CLIPConfiguration(
    text: TowerConfiguration(width: 512, mlpWidth: 2048, layers: 12, heads: 8),
    vision: TowerConfiguration(width: 768, mlpWidth: 3072, layers: 12, heads: 12),
    projectionWidth: 512, vocabularySize: 49408, contextLength: 77, endTokenID: 49407,
    imageSize: 224, patchSize: 32)
}
