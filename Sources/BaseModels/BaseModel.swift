import CLIP
import Foundation
import Tensors

/// A base model with its tokenizer and preprocessing.
package struct BaseModel: Sendable {
  package let directory: URL
  package let model: CLIPModel
  /// Nil for a shape without weights.
  package let tokenizer: CLIPTokenizer?
  package let preprocessor: ImagePreprocessor

  /// - Parameters:
  ///   - name: a bundled base, or a folder in Hugging Face's layout.
  ///   - folder: the folder to which a relative path refers.
  /// - Throws: an error with a sentence that names the file that is missing or invalid.
  package init(_ name: String, relativeTo folder: URL) throws {
    directory =
      BaseModels.directory(of: name)
      ?? (name.hasPrefix("/") ? URL(filePath: name) : folder.appending(path: name))
    guard FileManager.default.fileExists(atPath: directory.path) else {
      if let shape = BaseModelError(shapeWithoutWeights: name) { throw shape }
      throw BaseModelError(
        "there is no base model \"\(name)\" and no folder \(directory.path); the bundled base models are \(BaseModels.names.joined(separator: ", "))"
      )
    }
    model = try CLIPModel(directory: directory)
    tokenizer = try CLIPTokenizer(directory: directory)
    preprocessor = try ImagePreprocessor(directory: directory)
    try check()
  }

  /// A shape without weights, which supports cost estimates but not training; nil if the name is
  /// unknown.
  package init?(shape name: String) {
    guard let configuration = BaseShapes.configuration(of: name) else { return nil }
    directory = URL(filePath: name)
    model = CLIPModel(configuration, weights: CLIPWeights(unread: configuration))
    tokenizer = nil
    preprocessor = ImagePreprocessor(size: configuration.imageSize)
  }

  /// Whether the base has no weights, so that only its costs are known.
  package var isShape: Bool { tokenizer == nil }

  /// The tokens of a text, truncated to the model's context length.
  ///
  /// Without a vocabulary, each word and each punctuation mark counts as one token, as OpenAI's
  /// vocabulary has it for common words.
  package func tokens(_ text: String) -> [Int32] {
    if let tokenizer {
      return tokenizer.encode(text, contextLength: model.configuration.contextLength)
    }
    let count = text.matches(of: /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/).count
    let limit = model.configuration.contextLength
    return Array(repeating: 0, count: min(count + 1, limit - 1)) + [model.configuration.endTokenID]
  }

  /// The number of tokens of a text including start and end, before `tokens` truncates it.
  package func tokenCount(of text: String) -> Int {
    tokenizer?.encode(text, contextLength: .max).count ?? tokens(text).count
  }

  /// The files that determine the base's output.
  package var files: [URL] {
    guard tokenizer != nil else { return [] }
    let beside = [
      "vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "added_tokens.json",
      "special_tokens_map.json", "preprocessor_config.json", "processor_config.json",
    ]
    .map { directory.appending(path: $0) }
    .filter { FileManager.default.fileExists(atPath: $0.path) }
    return [directory.appending(path: "config.json")] + model.weightFiles + beside
  }

  /// Rejects weights that are individually finite but overflow in the forward pass, or are all
  /// zero, by checking the features of a text and an image.
  package func checkFeatures() throws(BaseModelError) {
    guard !isShape else { return }
    let context = ComputeContext()
    let texts = TextBatch([tokens("a photo of a thing.")], model.configuration)
    let grey = [UInt8](repeating: 127, count: preprocessor.size * preprocessor.size)
    let pixels = preprocessor.process(
      grey, height: preprocessor.size, width: preprocessor.size, channels: 1)
    let features = [
      ("a text", model.features(of: texts, model.table, context)),
      (
        "an image",
        model.features(
          of: context.matrix(1, pixels.count, copying: pixels), model.table, context)
      ),
    ]
    for (input, features) in features {
      let square = features.rows.elements.reduce(0) { $0 + $1 * $1 }
      guard abs(square - 1) < 0.01 else {
        throw BaseModelError(
          "\(directory.path) has weights that make the features of \(input) overflow or vanish, so that they cannot be normalized"
        )
      }
    }
  }

  /// Checks that the parts match.
  private func check() throws {
    let configuration = model.configuration
    guard let tokenizer else { return }
    guard tokenizer.vocabularySize <= configuration.vocabularySize else {
      throw BaseModelError(
        "\(directory.path) has a vocabulary of \(tokenizer.vocabularySize) tokens, but its config.json gives vocab_size as \(configuration.vocabularySize)"
      )
    }
    // The end token's row represents the whole text; without it every text would be represented by
    // its first token.
    let text = tokens("a")
    guard configuration.endRow(of: text) == text.count - 1 else {
      throw BaseModelError(
        "\(directory.path) has a tokenizer with the end token \(tokenizer.endToken), but its config.json gives eos_token_id as \(configuration.endTokenID)"
      )
    }
    guard preprocessor.size == configuration.imageSize else {
      throw BaseModelError(
        "\(directory.path) preprocesses images to \(preprocessor.size) pixels, but its config.json gives image_size as \(configuration.imageSize)"
      )
    }
  }
}
