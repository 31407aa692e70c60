import Foundation

/// The format of Hugging Face's `preprocessor_config.json`; what is missing takes CLIP's defaults.
extension ImagePreprocessor: Codable {
  /// Reads `preprocessor_config.json` from a model's directory.
  public init(directory: URL) throws(ImagePreprocessorError) {
    let file = directory.appending(path: "preprocessor_config.json")
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
      DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(_, let context)
    {
      let keys = context.codingPath.map(\.stringValue)
      let subject = keys.isEmpty ? "is no JSON object of settings" : keys.joined(separator: ".")
      throw ImagePreprocessorError(
        file: file.path, reason: "\(subject): \(context.debugDescription)")
    } catch {
      throw ImagePreprocessorError(
        file: file.path, reason: "cannot be read (\(error.localizedDescription)).")
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try Self.refuseOtherSteps(in: container)
    let resize = try container.decodeIfPresent(SizeField.self, forKey: .size)?.resizeRule
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
    guard (resize?.shortestEdge ?? 224) >= size else {
      throw fault(
        .cropSize, "\(size) is larger than the resized image; make \"size\" at least as large.")
    }
    self.init(
      size: size, resize: resize ?? .shortestEdge(224), mean: mean, standardDeviation: deviation,
      rescaleFactor: factor ?? 1 / 255)
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
    case imageProcessorType = "image_processor_type"
  }

  /// The steps that are always taken.
  private static let steps: [CodingKeys] = [.doResize, .doCenterCrop, .doRescale, .doNormalize]

  /// Pillow's number for the bicubic filter.
  private static let bicubic = 3

  private static func refuseOtherSteps(in container: KeyedDecodingContainer<CodingKeys>) throws {
    for step in steps where try container.decodeIfPresent(Bool.self, forKey: step) == false {
      throw DecodingError.dataCorruptedError(
        forKey: step, in: container,
        debugDescription: "false is not supported; CLIP's images always take this step.")
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

/// A size as Hugging Face writes it: a number, a shortest edge, or a height and a width.
private struct SizeField: Codable {
  let resizeRule: ImageResizeRule
  private let codingPath: [any CodingKey]

  init(_ rule: ImageResizeRule) {
    resizeRule = rule
    codingPath = []
  }

  private enum CodingKeys: String, CodingKey {
    case height, width
    case shortestEdge = "shortest_edge"
  }

  init(from decoder: any Decoder) throws {
    codingPath = decoder.codingPath
    if let edge = try? decoder.singleValueContainer().decode(Int.self) {
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
            debugDescription: "\(height) by \(width) is not square, as the vision tower needs it."))
      }
    }
  }
}
