import Foundation

/// The tokens added to a vocabulary, as transformers 5 reads them from the files next to it.
///
/// If `tokenizer_config.json` has `added_tokens_decoder`, only that counts. Otherwise
/// `added_tokens.json` and the `added_tokens` of `tokenizer.json` are merged, the latter taking
/// precedence for the same id, and `special_tokens_map.json` overrides the names of special tokens.
/// Special tokens named by a file are added too: a `pad_token` of "!" turns each "!" in a text into
/// token 0 of OpenAI's vocabulary.
enum AddedTokens {
  /// - Parameter ids: the vocabulary.
  /// - Returns: the tokens, without duplicate contents.
  /// - Throws: ``TokenizerError`` if a file is malformed, assigns ids differently from
  ///   transformers, or requests an unsupported setting.
  static func read(
    in directory: URL, ids: [String: Int32]
  ) throws(TokenizerError) -> [AddedToken] {
    var settings =
      try read(Settings.self, "tokenizer_config.json", in: directory) ?? Settings()
    var numbered: [Int: (token: Token, file: String)] = [:]
    if let decoder = settings.decoder {
      for (id, token) in decoder { numbered[id] = (token, "tokenizer_config.json") }
    } else {
      if let map = try read(Settings.self, "special_tokens_map.json", in: directory) {
        settings.override(with: map)
      }
      let plain = try read([String: Int].self, "added_tokens.json", in: directory) ?? [:]
      let special = settings.names
      for (content, id) in plain.sorted(by: { $0.key < $1.key }) {
        if let (other, file) = numbered[id] {
          throw TokenizerError(
            .malformedJSON(
              reason: "\"\(other.content)\" and \"\(content)\" both have the id \(id)"),
            at: directory.appending(path: file).path)
        }
        let isSpecial = special.contains(Array(content.utf8))
        numbered[id] = (Token(content, isNormalized: !isSpecial), "added_tokens.json")
      }
      let combined = try read(TokenizerFile.self, "tokenizer.json", in: directory)
      for token in combined?.addedTokens ?? [] {
        numbered[token.id] = (token.token, "tokenizer.json")
      }
    }
    try settings.check(directory)

    var list = AddedTokenList(ids)
    for (id, (token, file)) in numbered.sorted(by: { $0.key < $1.key }) {
      guard let added = list.add(token), added != id else { continue }
      throw TokenizerError(
        .misnumberedToken(token: token.content, id: id, expected: Int(added)),
        at: directory.appending(path: file).path)
    }
    let known = Set(list.tokens.map { Array($0.content.utf8) })
    for token in settings.named + settings.extra
    where !known.contains(Array(token.content.utf8)) {
      list.add(token)
    }
    return list.tokens
  }

  private static func read<Value: Decodable>(
    _ type: Value.Type, _ name: String, in directory: URL
  ) throws(TokenizerError) -> Value? {
    let file = directory.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try BytePairVocabulary.decode(type, from: file)
  }

  /// A token as written in a file: only its content, which implies a special token, or with its
  /// settings.
  fileprivate struct Token: Decodable {
    let content: String
    let isNormalized: Bool
    let isSingleWord: Bool

    init(_ content: String, isNormalized: Bool) {
      self.content = content
      self.isNormalized = isNormalized
      isSingleWord = false
    }

    enum CodingKeys: String, CodingKey {
      case content, normalized, special
      case singleWord = "single_word"
    }

    init(from decoder: any Decoder) throws {
      if let content = try? decoder.singleValueContainer().decode(String.self) {
        (self.content, isNormalized, isSingleWord) = (content, false, false)
        return
      }
      let container = try decoder.container(keyedBy: CodingKeys.self)
      content = try container.decode(String.self, forKey: .content)
      let isSpecial = try container.decodeIfPresent(Bool.self, forKey: .special) ?? false
      isNormalized = try container.decodeIfPresent(Bool.self, forKey: .normalized) ?? !isSpecial
      isSingleWord = try container.decodeIfPresent(Bool.self, forKey: .singleWord) ?? false
    }
  }

  private struct TokenizerFile: Decodable {
    struct Entry: Decodable {
      let id: Int
      let token: Token

      init(from decoder: any Decoder) throws {
        id = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .id)
        token = try Token(from: decoder)
      }

      enum CodingKeys: String, CodingKey { case id }
    }

    let addedTokens: [Entry]?

    enum CodingKeys: String, CodingKey {
      case addedTokens = "added_tokens"
    }
  }

  /// The token settings of `tokenizer_config.json` and `special_tokens_map.json`.
  private struct Settings: Decodable {
    /// `added_tokens_decoder`.
    var decoder: [Int: Token]?
    private var tokens: [String: Token] = [:]
    private var extraTokens: [Token]?
    private var additionalTokens: [Token]?
    private var splitsSpecialTokens = false

    init() {}

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys where try !container.decodeNil(forKey: key) {
        switch key.stringValue {
        case "added_tokens_decoder":
          var numbered: [Int: Token] = [:]
          for (id, token) in try container.decode([String: Token].self, forKey: key) {
            guard let number = Int(id), numbered.updateValue(token, forKey: number) == nil else {
              throw DecodingError.dataCorruptedError(
                forKey: key, in: container,
                debugDescription:
                  "added_tokens_decoder: \"\(id)\" is not a number, or is given twice")
            }
          }
          self.decoder = numbered
        case "extra_special_tokens":
          if let named = try? container.decode([String: Token].self, forKey: key) {
            tokens.merge(named) { $1 }
          } else {
            extraTokens = try container.decode([Token].self, forKey: key)
          }
        case "additional_special_tokens":
          additionalTokens = try container.decode([Token].self, forKey: key)
        case "split_special_tokens":
          splitsSpecialTokens = try container.decode(Bool.self, forKey: key)
        case let name where name.hasSuffix("_token"):
          // Some settings have names of this form but are not tokens: add_bos_token.
          tokens[name] =
            Self.standardNames.contains(name)
            ? try container.decode(Token.self, forKey: key)
            : try? container.decode(Token.self, forKey: key)
        default: break
        }
      }
    }

    mutating func override(with map: Settings) {
      tokens.merge(map.tokens) { $1 }
      extraTokens = map.extraTokens.map { (extraTokens ?? []) + $0 } ?? extraTokens
      additionalTokens = map.additionalTokens ?? additionalTokens
    }

    private static let standardNames = [
      "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ]

    private static let defaults = [
      "bos_token": SpecialToken.start, "eos_token": .end, "unk_token": .end, "pad_token": .end,
    ]

    /// The named tokens, in the order in which transformers assigns ids.
    var named: [Token] {
      let others = tokens.keys.filter { !Self.standardNames.contains($0) }.sorted()
      return (Self.standardNames + others).compactMap { name in
        tokens[name]
          ?? Self.defaults[name].map { Token($0.rawValue, isNormalized: false) }
      }
    }

    var extra: [Token] {
      if let extraTokens, !extraTokens.isEmpty { return extraTokens }
      return additionalTokens ?? []
    }

    /// The contents of the special tokens in these files.
    var names: Set<[UInt8]> {
      let standard = Self.standardNames.compactMap { tokens[$0] }
      return Set((standard + (extraTokens ?? [])).map { Array($0.content.utf8) })
    }

    /// - Throws: ``TokenizerError`` if a text would start or end with other tokens than CLIP's.
    func check(_ directory: URL) throws(TokenizerError) {
      let location = directory.appending(path: "tokenizer_config.json").path
      for name in ["bos_token", "eos_token", "unk_token"] {
        guard let token = tokens[name], let usual = Self.defaults[name],
          Array(token.content.utf8) != Array(usual.rawValue.utf8)
        else { continue }
        throw TokenizerError(
          .unsupportedModel(
            reason: "\(name) is \"\(token.content)\" instead of \"\(usual.rawValue)\""),
          at: location)
      }
      guard !splitsSpecialTokens else {
        throw TokenizerError(
          .unsupportedModel(reason: "split_special_tokens is true"), at: location)
      }
    }
  }

  /// Assigns ids to added tokens: those of the vocabulary, or the next ones after it.
  private struct AddedTokenList {
    private(set) var tokens: [AddedToken] = []
    private let ids: [String: Int32]
    private var next: Int32

    init(_ ids: [String: Int32]) {
      self.ids = ids
      next = Int32(ids.count)
    }

    /// Adds a token. If the content already exists, the latest settings win.
    ///
    /// - Returns: the token's id; nil if its content is empty, in which case it is ignored.
    @discardableResult mutating func add(_ token: Token) -> Int32? {
      guard !token.content.isEmpty else { return nil }
      let bytes = Array(token.content.utf8)
      let known = tokens.firstIndex { Array($0.content.utf8) == bytes }
      // Swift strings compare equal under canonical equivalence; transformers compares bytes.
      let own = ids.index(forKey: token.content).map { ids[$0] }
        .flatMap { Array($0.key.utf8) == bytes ? $0.value : nil }
      let id = known.map { tokens[$0].id } ?? own ?? next
      if id == next { next += 1 }
      let added = AddedToken(
        content: token.content, id: id, isNormalized: token.isNormalized,
        isSingleWord: token.isSingleWord)
      if let known { tokens[known] = added } else { tokens.append(added) }
      return id
    }
  }
}
