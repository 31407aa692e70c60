import Foundation

/// The format of Hugging Face's `preprocessor_config.json`, which `processor_config.json` contains
/// under `image_processor`. Missing fields take CLIP's defaults.
extension ImagePreprocessor: Codable {
  /// Reads the settings of a model's directory: `processor_config.json` if it has an
  /// `image_processor`, otherwise `preprocessor_config.json`, as in transformers.
  public init(directory: URL) throws(ImagePreprocessorError) {
    let combined = directory.appending(path: "processor_config.json")
    if FileManager.default.fileExists(atPath: combined.path),
      let own = try Self.read(CombinedFile.self, from: combined).imageProcessor
    {
      self = own
    } else {
      self = try Self.read(Self.self, from: directory.appending(path: "preprocessor_config.json"))
    }
  }

  /// The image part of a `processor_config.json`.
  private struct CombinedFile: Decodable {
    let imageProcessor: ImagePreprocessor?

    enum CodingKeys: String, CodingKey {
      case imageProcessor = "image_processor"
    }
  }

  private static func read<Value: Decodable>(
    _ type: Value.Type, from file: URL
  ) throws(ImagePreprocessorError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
      DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(_, let context)
    {
      let keys = context.codingPath.map(\.stringValue)
      let subject = keys.isEmpty ? "is not a JSON object" : keys.joined(separator: ".")
      throw ImagePreprocessorError(
        file: file.path, reason: "\(subject): \(context.debugDescription)")
    } catch {
      throw ImagePreprocessorError(
        file: file.path, reason: "cannot be read (\(error.localizedDescription)).")
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try Self.refuseOtherProcessors(in: container)
    try Self.refuseOtherSteps(in: container)
    let resize = try Self.resizeRule(in: container)
    let crop = try container.decodeIfPresent(SizeField.self, forKey: .cropSize)
    let mean = try Self.channels(.imageMean, default: Self.defaultMean, in: container)
    let deviation = try Self.channels(
      .imageStd, default: Self.defaultStandardDeviation, in: container)
    let factor = try container.decodeIfPresent(Double.self, forKey: .rescaleFactor)

    func fault(_ key: CodingKeys, _ sentence: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: sentence)
    }
    guard deviation.allSatisfy({ $0 > 0 }) else {
      throw fault(.imageStd, "the standard deviations must be positive.")
    }
    let size = try crop?.squareEdge ?? 224
    guard size > 0 else { throw fault(.cropSize, "the size must be positive.") }
    guard resize.shortestEdge >= size else {
      throw fault(
        .cropSize, "\(size) is larger than the resized image; \"size\" must be at least as large.")
    }
    guard resize.longestEdge <= Self.largestEdge else {
      throw fault(
        .size,
        "\(resize.longestEdge) pixels exceed the limit of \(Self.largestEdge).")
    }
    self.init(
      size: size, resize: resize, mean: mean, standardDeviation: deviation,
      rescaleFactor: factor ?? 1 / 255)
    guard levels.allSatisfy(\.isFinite) else {
      throw fault(
        .imageStd, "with image_mean and rescale_factor, it gives pixel values that are not finite.")
    }
  }

  /// The maximum edge of a resized image in pixels; larger values are rejected as unrealistic.
  private static let largestEdge = 65_536

  /// The rule for `size`; a single number is the edge of a square if `default_to_square` is true.
  private static func resizeRule(
    in container: KeyedDecodingContainer<CodingKeys>
  ) throws -> ImageResizeRule {
    // When this is set, transformers ignores the size.
    if try container.decodeIfPresent(Bool.self, forKey: .useSquareSize) == true {
      return .exact(height: 224, width: 224)
    }
    guard let field = try container.decodeIfPresent(SizeField.self, forKey: .size) else {
      return .shortestEdge(224)
    }
    if field.isNumber, case .shortestEdge(let edge) = field.resizeRule,
      try container.decodeIfPresent(Bool.self, forKey: .defaultToSquare) == true
    {
      return .exact(height: edge, width: edge)
    }
    return field.resizeRule
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for step in Self.steps { try container.encode(true, forKey: step) }
    try container.encode(true, forKey: .doConvertRGB)
    try container.encode("CLIPImageProcessor", forKey: .imageProcessorType)
    try container.encode(Self.bicubic, forKey: .resample)
    try container.encode(SizeField(resize), forKey: .size)
    try container.encode(SizeField(.exact(height: size, width: size)), forKey: .cropSize)
    try container.encode(mean, forKey: .imageMean)
    try container.encode(standardDeviation, forKey: .imageStd)
    try container.encode(rescaleFactor, forKey: .rescaleFactor)
  }

  private enum CodingKeys: String, CodingKey {
    case size, resample
    case cropSize = "crop_size"
    case imageMean = "image_mean"
    case imageStd = "image_std"
    case rescaleFactor = "rescale_factor"
    case doResize = "do_resize"
    case doCenterCrop = "do_center_crop"
    case doRescale = "do_rescale"
    case doNormalize = "do_normalize"
    case doConvertRGB = "do_convert_rgb"
    case doPad = "do_pad"
    case useSquareSize = "use_square_size"
    case defaultToSquare = "default_to_square"
    case imageProcessorType = "image_processor_type"
    case featureExtractorType = "feature_extractor_type"
  }

  /// The steps that must be enabled.
  private static let steps: [CodingKeys] = [.doResize, .doCenterCrop, .doRescale, .doNormalize]

  /// Pillow's constant for the bicubic filter.
  private static let bicubic = 3

  /// Rejects processors of other models, which have other defaults and omit steps regardless of the
  /// other keys.
  private static func refuseOtherProcessors(
    in container: KeyedDecodingContainer<CodingKeys>
  ) throws {
    for key in [CodingKeys.imageProcessorType, .featureExtractorType] {
      guard let type = try container.decodeIfPresent(String.self, forKey: key) else { continue }
      guard ["CLIPImageProcessor", "CLIPFeatureExtractor"].contains(where: type.hasPrefix) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "\(type) is not supported; only CLIPImageProcessor is.")
      }
      return
    }
  }

  private static func refuseOtherSteps(in container: KeyedDecodingContainer<CodingKeys>) throws {
    for step in steps where try container.decodeIfPresent(Bool.self, forKey: step) == false {
      throw DecodingError.dataCorruptedError(
        forKey: step, in: container,
        debugDescription: "false is not supported; CLIP's preprocessing always includes this step.")
    }
    if try container.decodeIfPresent(Bool.self, forKey: .doPad) == true {
      throw DecodingError.dataCorruptedError(
        forKey: .doPad, in: container,
        debugDescription: "true is not supported; CLIP's images are never padded.")
    }
    let resample = try container.decodeIfPresent(Int.self, forKey: .resample) ?? bicubic
    if resample != bicubic {
      throw DecodingError.dataCorruptedError(
        forKey: .resample, in: container,
        debugDescription: "filter \(resample) is not supported; write 3, which is bicubic.")
    }
  }

  private static func channels(
    _ key: CodingKeys, default standard: [Float],
    in container: KeyedDecodingContainer<CodingKeys>
  ) throws -> [Float] {
    let values = try container.decodeIfPresent([Float].self, forKey: key) ?? standard
    guard values.count == 3 else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "\(values.count) numbers; write three, for red, green and blue.")
    }
    return values
  }
}

/// A size in Hugging Face's format: a number, a shortest edge, or a height and a width.
private struct SizeField: Codable {
  let resizeRule: ImageResizeRule
  /// Whether it is a single number.
  let isNumber: Bool
  private let codingPath: [any CodingKey]

  init(_ rule: ImageResizeRule) {
    resizeRule = rule
    isNumber = false
    codingPath = []
  }

  private enum CodingKeys: String, CodingKey {
    case height, width
    case shortestEdge = "shortest_edge"
  }

  init(from decoder: any Decoder) throws {
    codingPath = decoder.codingPath
    let number = try? decoder.singleValueContainer().decode(Int.self)
    isNumber = number != nil
    if let edge = number {
      resizeRule = .shortestEdge(edge)
    } else {
      let container = try? decoder.container(keyedBy: CodingKeys.self)
      if let edge = try? container?.decode(Int.self, forKey: .shortestEdge) {
        resizeRule = .shortestEdge(edge)
      } else if let height = try? container?.decode(Int.self, forKey: .height),
        let width = try? container?.decode(Int.self, forKey: .width)
      {
        resizeRule = .exact(height: height, width: width)
      } else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: codingPath,
            debugDescription: "write a whole number, {\"shortest_edge\": N}, "
              + "or {\"height\": N, \"width\": N}."))
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch resizeRule {
    case .shortestEdge(let edge):
      try container.encode(edge, forKey: .shortestEdge)
    case .exact(let height, let width):
      try container.encode(height, forKey: .height)
      try container.encode(width, forKey: .width)
    }
  }

  /// The edge of a size that must be square.
  var squareEdge: Int {
    get throws {
      switch resizeRule {
      case .shortestEdge(let edge): return edge
      case .exact(let height, let width) where height == width: return height
      case .exact(let height, let width):
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: codingPath,
            debugDescription:
              "\(height) by \(width) is not square; the vision tower needs square images."))
      }
    }
  }
}
