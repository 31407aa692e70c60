/// The shape of a CLIP model: both towers and their joint embedding space.
public struct CLIPConfiguration: Sendable, Equatable {
  public var text: TowerConfiguration
  public var vision: TowerConfiguration
  /// The width of the joint embedding space (`projection_dim`).
  public var projectionWidth: Int
  /// The number of vocabulary entries (`vocab_size`).
  public var vocabularySize: Int
  /// The maximum text length in tokens (`max_position_embeddings`).
  public var contextLength: Int
  /// `eos_token_id`; the value 2 is special, see `endRow(of:)`.
  public var endTokenID: Int32
  /// The height and width of an image in pixels (`image_size`).
  public var imageSize: Int
  /// The height and width of a patch in pixels (`patch_size`).
  public var patchSize: Int
  /// The number of colour channels (`num_channels`).
  public var channels: Int
  /// The initial logarithm of the logit scale (`logit_scale_init_value`).
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

  /// The number of patches of an image.
  public var patchCount: Int { (imageSize / patchSize) * (imageSize / patchSize) }

  /// The number of values of a patch.
  public var patchElements: Int { channels * patchSize * patchSize }

  /// The number of values of a preprocessed image, [channels, imageSize, imageSize].
  public var pixelCount: Int { channels * imageSize * imageSize }

  /// The row whose output represents the text: the first end token.
  ///
  /// An `eos_token_id` of 2 dates from before the field was used. In that case it is the first row
  /// with the largest id, as in OpenAI's code. If there is no end token, it is row 0, as in Hugging
  /// Face's code.
  public func endRow(of tokens: [Int32]) -> Int {
    let end = endTokenID == 2 ? tokens.max() : endTokenID
    return tokens.firstIndex { $0 == end } ?? 0
  }
}
