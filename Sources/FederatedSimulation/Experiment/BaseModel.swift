import BaseModels
import CLIP
import Foundation

/// A base with what belongs to it: tokenizer and preprocessing.
struct BaseModel {
  let model: CLIPModel
  let tokenizer: CLIPTokenizer
  let preprocessor: ImagePreprocessor
  /// The files that decide what the base computes.
  let files: [URL]

  /// - Parameter name: a base that ships with the package, or a folder in Hugging Face's layout.
  init(_ name: String, relativeTo folder: URL) throws {
    let directory =
      BaseModels.directory(of: name)
      ?? (name.hasPrefix("/") ? URL(filePath: name) : folder.appending(path: name))
    guard FileManager.default.fileExists(atPath: directory.path) else {
      throw ExperimentError(
        "model.base: there is no base \"\(name)\" and no folder \(directory.path); the bases that ship are \(BaseModels.names.joined(separator: ", "))"
      )
    }
    model = try CLIPModel(directory: directory)
    tokenizer = try CLIPTokenizer(directory: directory)
    guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
      throw ExperimentError(
        "\(directory.path) has a vocabulary of \(tokenizer.vocabularySize) tokens, but its model knows \(model.configuration.vocabularySize)"
      )
    }
    // The row of the end token stands for a whole text; without it every text would be its first token.
    let text = tokenizer.encode("a", contextLength: model.configuration.contextLength)
    guard model.configuration.endRow(of: text) == text.count - 1 else {
      throw ExperimentError(
        "\(directory.path) ends its texts with the token \(tokenizer.endToken), but its config.json gives eos_token_id as \(model.configuration.endTokenID)"
      )
    }
    preprocessor = try ImagePreprocessor(directory: directory)
    guard preprocessor.size == model.configuration.imageSize else {
      throw ExperimentError(
        "\(directory.path) prepares images of \(preprocessor.size) pixels, but its model takes \(model.configuration.imageSize)"
      )
    }
    let beside = ["config.json", "vocab.json", "merges.txt"].map { directory.appending(path: $0) }
    files = [beside[0]] + model.weightFiles + beside[1...]
  }
}
