import Foundation
import Tensors

extension CLIPConfiguration {
  /// Reads Hugging Face's `config.json`; missing fields take the defaults of transformers.
  ///
  /// - Throws: `ModelError` if the file does not describe a CLIP model, or a number in it is
  ///   invalid.
  public init(file: URL) throws(ModelError) {
    guard let data = try? Data(contentsOf: file) else {
      let openCLIP = file.deletingLastPathComponent().appending(path: "open_clip_config.json")
      guard !FileManager.default.fileExists(atPath: openCLIP.path) else {
        throw ModelError(
          file,
          "is missing, and open_clip_config.json is in OpenCLIP's layout; use a version of the model that transformers' CLIPModel loads, saved with save_pretrained"
        )
      }
      throw ModelError(file, "cannot be read; a model is a folder that contains config.json")
    }
    let json: JSON
    do {
      json = try JSONDecoder().decode(JSON.self, from: data)
    } catch {
      throw ModelError(file, "is not a CLIP configuration: \(Self.sentence(error))")
    }
    guard json.modelType == nil || json.modelType == "clip" else {
      throw ModelError(file, "describes a model of type \(json.modelType!); only clip is supported")
    }
    guard json.text != nil || json.vision != nil || json.modelType != nil else {
      throw ModelError(file, "is not a CLIP configuration: it has no text_config and vision_config")
    }
    self.init(json)
    if let fault { throw ModelError(file, fault) }
  }

  private init(_ json: JSON) {
    let text = json.text ?? JSON.Tower()
    let vision = json.vision ?? JSON.Tower()
    self.init(
      text: text.shape(width: 512, mlp: 2048, heads: 8),
      vision: vision.shape(width: 768, mlp: 3072, heads: 12),
      projectionWidth: json.projectionDim ?? 512, vocabularySize: text.vocabSize ?? 49408,
      contextLength: text.maxPositionEmbeddings ?? 77, endTokenID: text.eosTokenId ?? 49407,
      imageSize: vision.imageSize ?? 224, patchSize: vision.patchSize ?? 32,
      channels: vision.numChannels ?? 3, initialLogitScale: json.logitScaleInitValue ?? 2.6592)
  }

  /// Why the configuration is invalid, as the end of a sentence about its file; nil if it is valid.
  private var fault: String? {
    let sizes = [
      ("hidden_size", text.width), ("hidden_size", vision.width),
      ("intermediate_size", text.mlpWidth), ("intermediate_size", vision.mlpWidth),
      ("num_hidden_layers", text.layers), ("num_hidden_layers", vision.layers),
      ("num_attention_heads", text.heads), ("num_attention_heads", vision.heads),
      ("projection_dim", projectionWidth), ("vocab_size", vocabularySize),
      ("max_position_embeddings", contextLength), ("image_size", imageSize),
      ("patch_size", patchSize), ("num_channels", channels),
    ]
    for (name, size) in sizes where !(1...1_000_000).contains(size) {
      return "gives \(name) as \(size), which is not a valid size"
    }
    for tower in [text, vision] where tower.width % tower.heads != 0 {
      return
        "gives \(tower.heads) attention heads; the width \(tower.width) must be a multiple of it"
    }
    for tower in [text, vision] where tower.layerNormEpsilon < 0 {
      return "gives layer_norm_eps as \(tower.layerNormEpsilon), which must not be negative"
    }
    guard contextLength >= 2 else {
      return
        "gives max_position_embeddings as 1; it must be at least 2, for the start and end tokens"
    }
    guard imageSize % patchSize == 0 else {
      return
        "gives patches of \(patchSize) pixels; the image size \(imageSize) must be a multiple of it"
    }
    guard channels == 3 else { return "gives num_channels as \(channels); only 3 is supported" }
    return nil
  }

  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func path(_ context: DecodingError.Context) -> String? {
      let names = context.codingPath.map(\.stringValue)
      return names.isEmpty ? nil : names.joined(separator: ".")
    }
    switch error {
    case .dataCorrupted(let context):
      guard let path = path(context) else {
        // For a fraction in place of an integer, Foundation's error has no path.
        return "it is not valid JSON, or a size in it is not an integer"
      }
      return "\(path) has an invalid value"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context):
      guard let path = path(context) else { return "it is not a JSON object" }
      return "\(path) has a value of the wrong type"
    @unknown default: return "\(error)"
    }
  }
}

/// `config.json` as written; every field is optional.
private struct JSON: Decodable {
  struct Tower: Decodable {
    var hiddenSize: Int?
    var intermediateSize: Int?
    var numHiddenLayers: Int?
    var numAttentionHeads: Int?
    var hiddenAct: Activation?
    var layerNormEps: Float?
    var vocabSize: Int?
    var maxPositionEmbeddings: Int?
    var eosTokenId: Int32?
    var imageSize: Int?
    var patchSize: Int?
    var numChannels: Int?

    func shape(width: Int, mlp: Int, heads: Int) -> TowerConfiguration {
      TowerConfiguration(
        width: hiddenSize ?? width, mlpWidth: intermediateSize ?? mlp,
        layers: numHiddenLayers ?? 12, heads: numAttentionHeads ?? heads,
        activation: hiddenAct ?? .quickGELU, layerNormEpsilon: layerNormEps ?? 1e-5)
    }

    enum CodingKeys: String, CodingKey {
      case hiddenSize = "hidden_size"
      case intermediateSize = "intermediate_size"
      case numHiddenLayers = "num_hidden_layers"
      case numAttentionHeads = "num_attention_heads"
      case hiddenAct = "hidden_act"
      case layerNormEps = "layer_norm_eps"
      case vocabSize = "vocab_size"
      case maxPositionEmbeddings = "max_position_embeddings"
      case eosTokenId = "eos_token_id"
      case imageSize = "image_size"
      case patchSize = "patch_size"
      case numChannels = "num_channels"
    }
  }

  var modelType: String?
  var textConfig: Tower?
  var visionConfig: Tower?
  var textConfigDict: Tower?
  var visionConfigDict: Tower?
  var projectionDim: Int?
  var logitScaleInitValue: Float?

  /// The towers as transformers reads them: if the older `text_config_dict` exists, it and its
  /// defaults override all of `text_config`.
  var text: Tower? { textConfigDict ?? textConfig }
  var vision: Tower? { visionConfigDict ?? visionConfig }

  enum CodingKeys: String, CodingKey {
    case modelType = "model_type"
    case textConfig = "text_config"
    case visionConfig = "vision_config"
    case textConfigDict = "text_config_dict"
    case visionConfigDict = "vision_config_dict"
    case projectionDim = "projection_dim"
    case logitScaleInitValue = "logit_scale_init_value"
  }
}
