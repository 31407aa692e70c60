import Foundation

/// The tokens that were added to a vocabulary after it was learnt, as the files beside it list them.
///
/// transformers cuts them out of a text before it is split to words, by rules of each token's own; a vocabulary with
/// others than the two of every CLIP is refused, because its texts would get other tokens here.
enum AddedTokens {
  /// - Throws: ``TokenizerError`` where a file of the directory is malformed or adds a token.
  static func refuse(in directory: URL) throws(TokenizerError) {
    let combined = try read(TokenizerFile.self, "tokenizer.json", in: directory)
    let settings = try read(SettingsFile.self, "tokenizer_config.json", in: directory)
    let plain = try read([String: Int].self, "added_tokens.json", in: directory)
    for (name, tokens) in [
      ("tokenizer.json", (combined?.addedTokens ?? []).map(\.content)),
      (
        "tokenizer_config.json",
        (settings?.addedTokensDecoder ?? [:]).sorted { $0.key < $1.key }.map(\.value.content)
      ),
      ("added_tokens.json", (plain ?? [:]).keys.sorted()),
    ] {
      if let token = tokens.first(where: { SpecialToken(rawValue: $0) == nil }) {
        throw TokenizerError(
          .addedToken(token: token), at: directory.appending(path: name).path)
      }
    }
  }

  private static func read<Value: Decodable>(
    _ type: Value.Type, _ name: String, in directory: URL
  ) throws(TokenizerError) -> Value? {
    let file = directory.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try BytePairVocabulary.decode(type, from: file)
  }

  private struct Token: Decodable {
    let content: String
  }

  private struct TokenizerFile: Decodable {
    let addedTokens: [Token]?

    enum CodingKeys: String, CodingKey {
      case addedTokens = "added_tokens"
    }
  }

  private struct SettingsFile: Decodable {
    let addedTokensDecoder: [String: Token]?

    enum CodingKeys: String, CodingKey {
      case addedTokensDecoder = "added_tokens_decoder"
    }
  }
}
