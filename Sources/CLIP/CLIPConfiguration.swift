/// The shape of a CLIP: both towers and what they meet in.
public struct CLIPConfiguration: Sendable, Equatable {
  public var text: TowerConfiguration
  public var vision: TowerConfiguration
  /// The width of the common space (`projection_dim`).
  public var projectionWidth: Int
  /// Entries of the vocabulary (`vocab_size`).
  public var vocabularySize: Int
  /// The longest text in tokens (`max_position_embeddings`).
  public var contextLength: Int
  /// `eos_token_id`; 2 has a meaning of its own, see `endRow(of:)`.
  public var endTokenID: Int32
  /// Height and width of an image in pixels (`image_size`).
  public var imageSize: Int
  /// Height and width of a patch in pixels (`patch_size`).
  public var patchSize: Int
  /// Colours of an image (`num_channels`).
  public var channels: Int
  /// The initial value of the logit scale's logarithm (`logit_scale_init_value`).
  public var initialLogitScale: Float

  public init(
    text: TowerConfiguration, vision: TowerConfiguration, projectionWidth: Int,
    vocabularySize: Int, contextLength: Int, endTokenID: Int32, imageSize: Int, patchSize: Int,
    channels: Int = 3, initialLogitScale: Float = 2.6592
  ) {
    self.text = text
    self.vision = vision
    self.projectionWidth = projectionWidth
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.endTokenID = endTokenID
    self.imageSize = imageSize
    self.patchSize = patchSize
    self.channels = channels
    self.initialLogitScale = initialLogitScale
  }

  /// Patches of an image.
  public var patchCount: Int { (imageSize / patchSize) * (imageSize / patchSize) }

  /// Numbers in a patch.
  public var patchElements: Int { channels * patchSize * patchSize }

  /// Numbers in a preprocessed image, [channels, imageSize, imageSize].
  public var pixelCount: Int { channels * imageSize * imageSize }

  /// The row whose output stands for the whole text: the first end token.
  ///
  /// Configurations that say `eos_token_id` 2 were written before the field meant anything; there it
  /// is the first row of the largest id, as in OpenAI's code. Where no end token is found, row 0, as
  /// in Hugging Face's.
  public func endRow(of tokens: [Int32]) -> Int {
    let end = endTokenID == 2 ? tokens.max() : endTokenID
    return tokens.firstIndex { $0 == end } ?? 0
  }
}
