import Foundation

extension BytePairVocabulary {
  /// Reads the vocabulary of a model's directory, like transformers 5: `tokenizer.json`, or if it
  /// does not exist, `vocab.json` and `merges.txt`, with the added tokens from these and the files
  /// next to them.
  ///
  /// - Throws: ``TokenizerError``, which names the file and the line.
  public init(directory: URL) throws(TokenizerError) {
    let combined = directory.appending(path: "tokenizer.json")
    if FileManager.default.fileExists(atPath: combined.path) {
      try self.init(combined: combined)
    } else {
      try self.init(
        vocabulary: directory.appending(path: "vocab.json"),
        merges: directory.appending(path: "merges.txt"))
    }
    try addTokens(in: directory)
  }

  private init(vocabulary: URL, merges: URL) throws(TokenizerError) {
    let ids = try Self.decode([String: Int32].self, from: vocabulary)
    let lines = try Self.mergeLines(of: merges)
    try self.init(
      ids: ids, merges: lines.map(\.merge), vocabularyLocation: vocabulary.path,
      mergeLocation: { "\(merges.path), line \(lines[$0].number)" })
  }

  private init(combined: URL) throws(TokenizerError) {
    let model = try Self.decode(CombinedTokenizerFile.self, from: combined).model
    if let fault = model.fault {
      throw TokenizerError(.unsupportedModel(reason: fault), at: combined.path)
    }
    try self.init(
      ids: model.vocab, merges: model.merges.map(\.merge), vocabularyLocation: combined.path,
      mergeLocation: { "\(combined.path), merge \($0 + 1)" })
  }

  /// The merges of a `merges.txt` with their line numbers, without a `#version` line or a blank
  /// last line.
  private static func mergeLines(
    of file: URL
  ) throws(TokenizerError) -> [(number: Int, merge: BytePairMerge)] {
    let text = String(decoding: try contents(of: file), as: UTF8.self)
    var merges: [(number: Int, merge: BytePairMerge)] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let isVersion = line.hasPrefix("#version")
      let isBlankEnd = line.isEmpty && index == lines.count - 1
      if isVersion || isBlankEnd { continue }
      guard let merge = BytePairMerge(line: line) else {
        throw TokenizerError(
          .malformedMerge(line: String(line)), at: "\(file.path), line \(index + 1)")
      }
      merges.append((index + 1, merge))
    }
    return merges
  }

  static func decode<Value: Decodable>(
    _ type: Value.Type, from file: URL
  ) throws(TokenizerError) -> Value {
    let data = try contents(of: file)
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw TokenizerError(.malformedJSON(reason: reason(of: error)), at: file.path)
    }
  }

  private static func contents(of file: URL) throws(TokenizerError) -> Data {
    do {
      return try Data(contentsOf: file)
    } catch {
      let missing = !FileManager.default.fileExists(atPath: file.path)
      let reason = missing ? "there is no such file" : error.localizedDescription
      throw TokenizerError(.unreadable(reason: reason), at: file.path)
    }
  }

  private static func reason(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return error.localizedDescription }
    switch error {
    case .dataCorrupted(let context):
      return context.underlyingError.map { "\($0)" } ?? context.debugDescription
    case .keyNotFound(let key, _):
      return "\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
    @unknown default:
      return error.localizedDescription
    }
  }
}

extension BytePairMerge {
  /// Parses a merge from a line such as `th e</w>`; nil if the line is not two tokens.
  fileprivate init?(line: some StringProtocol) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.init(String(parts[0]), String(parts[1]))
  }
}

/// The vocabulary part of a `tokenizer.json`.
private struct CombinedTokenizerFile: Decodable {
  struct Model: Decodable {
    let type: String?
    let endOfWordSuffix: String?
    let vocab: [String: Int32]
    let merges: [Merge]

    enum CodingKeys: String, CodingKey {
      case type, vocab, merges
      case endOfWordSuffix = "end_of_word_suffix"
    }

    /// Why the model is not CLIP's; nil if it is.
    var fault: String? {
      if let type, type != "BPE" { return "the model is of the type \(type), not BPE" }
      guard endOfWordSuffix == ByteSymbols.endOfWord else {
        return "the model's words do not end in \"\(ByteSymbols.endOfWord)\""
      }
      return nil
    }
  }

  /// A merge, written as `"a b"` in older and `["a", "b"]` in newer files.
  struct Merge: Decodable {
    let merge: BytePairMerge

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let line = try? container.decode(String.self) {
        guard let merge = BytePairMerge(line: line) else {
          throw DecodingError.dataCorruptedError(
            in: container, debugDescription: "\"\(line)\" is not a merge of two tokens")
        }
        self.merge = merge
      } else {
        let parts = try container.decode([String].self)
        guard parts.count == 2 else {
          throw DecodingError.dataCorruptedError(
            in: container, debugDescription: "a merge of \(parts.count) tokens instead of two")
        }
        merge = BytePairMerge(parts[0], parts[1])
      }
    }
  }

  let model: Model
}
