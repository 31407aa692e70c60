import Foundation
import Testing

@testable import CLIP

struct TokenizerFileTests {
  private static let vocabulary =
    #"{"a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4}"#

  /// A directory with `files`, by name, which is removed after `body`.
  private static func withDirectory(
    _ files: [String: String], _ body: (URL) throws -> Void
  ) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in files {
      try Data(text.utf8).write(to: directory.appending(path: name))
    }
    try body(directory)
  }

  private static func message(for files: [String: String]) throws -> String {
    var message = ""
    try withDirectory(files) { directory in
      let error = #expect(throws: TokenizerError.self) {
        _ = try CLIPTokenizer(directory: directory)
      }
      message = (error?.description ?? "").replacing(directory.path + "/", with: "")
    }
    return message
  }

  @Test(arguments: ["\n", "\r\n"])
  func `the version line and the last line break are not merges`(lineBreak: String) throws {
    let merges = ["#version: 0.2", "a b</w>", ""].joined(separator: lineBreak)
    try Self.withDirectory(["vocab.json": Self.vocabulary, "merges.txt": merges]) { directory in
      let tokenizer = try CLIPTokenizer(directory: directory)
      #expect(tokenizer.encode("ab") == [3, 2, 4])
    }
  }

  @Test(arguments: [#""a b</w>""#, #"["a", "b</w>"]"#])
  func `tokenizer.json is read without a vocab.json`(merge: String) throws {
    let model = """
      {"model": {"type": "BPE", "end_of_word_suffix": "</w>",
        "vocab": \(Self.vocabulary), "merges": [\(merge)]}}
      """
    try Self.withDirectory(["tokenizer.json": model]) { directory in
      let tokenizer = try CLIPTokenizer(directory: directory)
      #expect(tokenizer.encode("ab") == [3, 2, 4])
    }
  }

  @Test(arguments: [
    ("added_tokens.json", #"{"<sks>": 6}"#, "<sks>", 6, 5),
    ("added_tokens.json", #"{"a": 1}"#, "a", 1, 0),
    (
      "tokenizer_config.json",
      #"{"added_tokens_decoder": {"7": {"content": "<sks>", "special": false}}}"#, "<sks>", 7, 5
    ),
  ])
  func `an added token whose id differs from its row is rejected`(
    name: String, text: String, token: String, id: Int, expected: Int
  ) throws {
    #expect(
      try Self.message(for: ["vocab.json": Self.vocabulary, "merges.txt": "", name: text])
        == "\(name): the added token \"\(token)\" has the id \(id), but in this vocabulary it gets \(expected); "
        + "take all files of the tokenizer from the same model.")
  }

  @Test(arguments: [
    (#"{"bos_token": "<s>"}"#, "bos_token is \"<s>\" instead of \"<|startoftext|>\""),
    (#"{"eos_token": {"content": "</s>"}}"#, "eos_token is \"</s>\" instead of \"<|endoftext|>\""),
    (#"{"unk_token": "[UNK]"}"#, "unk_token is \"[UNK]\" instead of \"<|endoftext|>\""),
    (#"{"split_special_tokens": true}"#, "split_special_tokens is true"),
  ])
  func `settings that frame texts differently are rejected`(text: String, reason: String) throws {
    let files = ["vocab.json": Self.vocabulary, "merges.txt": "", "tokenizer_config.json": text]
    #expect(
      try Self.message(for: files)
        == "tokenizer_config.json: \(reason); only CLIP's byte-pair vocabularies can be read.")
  }

  @Test(arguments: [
    ("added_tokens.json", "[1]"), ("added_tokens.json", #"{"a": "b"}"#),
    ("special_tokens_map.json", "1"), ("added_tokens.json", #"{"<a>": 5, "<b>": 5}"#),
    ("tokenizer_config.json", #"{"pad_token": ["a"]}"#),
    (
      "tokenizer_config.json",
      #"{"added_tokens_decoder": {"0": {"content": "a"}, "00": {"content": "b"}}}"#
    ),
    ("tokenizer_config.json", #"{"added_tokens_decoder": {"x": {"content": "a"}}}"#),
    ("tokenizer_config.json", #"{"added_tokens_decoder": {"5": {"special": true}}}"#),
    ("tokenizer_config.json", #"{"additional_special_tokens": [1]}"#),
    ("tokenizer_config.json", "{"),
  ])
  func `a malformed file of added tokens is named`(name: String, text: String) throws {
    let message = try Self.message(
      for: ["vocab.json": Self.vocabulary, "merges.txt": "", name: text])
    #expect(message.hasPrefix("\(name): is not valid ("), "\(message)")
  }

  @Test func `tokenizer.json takes precedence over vocab.json`() throws {
    let model = """
      {"model": {"type": "BPE", "end_of_word_suffix": "</w>",
        "vocab": \(Self.vocabulary), "merges": ["a b</w>"]}}
      """
    let files = ["tokenizer.json": model, "vocab.json": Self.vocabulary, "merges.txt": ""]
    try Self.withDirectory(files) { directory in
      let tokenizer = try CLIPTokenizer(directory: directory)
      #expect(tokenizer.encode("ab") == [3, 2, 4])
    }
  }

  @Test func `a tokenizer.json of another kind is rejected`() throws {
    let start = #"{"model": {"vocab": {}, "merges": [], "#
    #expect(
      try Self.message(for: ["tokenizer.json": start + #""type": "WordPiece"}}"#])
        .hasPrefix("tokenizer.json: the model is of the type WordPiece, not BPE"))
    #expect(
      try Self.message(for: ["tokenizer.json": start + #""type": "BPE"}}"#])
        .hasPrefix(#"tokenizer.json: the model's words do not end in "</w>""#))
  }

  @Test func `a missing file is named`() throws {
    #expect(
      try Self.message(for: [:]).hasPrefix("vocab.json: cannot be read (there is no such file)"))
    #expect(
      try Self.message(for: ["vocab.json": Self.vocabulary])
        .hasPrefix("merges.txt: cannot be read (there is no such file)"))
  }

  @Test(arguments: ["{", "[1, 2]", #"{"a": "b"}"#, #"{"a": 1.5}"#])
  func `a vocabulary that is not an object of ids is named`(text: String) throws {
    let message = try Self.message(for: ["vocab.json": text, "merges.txt": ""])
    #expect(message.hasPrefix("vocab.json: is not valid ("))
  }

  @Test(arguments: ["a", "a b</w> c", "a  b</w>", " a b</w>", ""])
  func `a malformed line of the merges is named`(line: String) throws {
    let merges = "#version: 0.2\na b</w>\n\(line)\na b</w>\n"
    let message = try Self.message(for: ["vocab.json": Self.vocabulary, "merges.txt": merges])
    #expect(
      message
        == "merges.txt, line 3: \"\(line)\" is not a merge; write two tokens separated by one space."
    )
  }

  @Test(arguments: [("c b</w>", "c"), ("a c</w>", "c</w>"), ("a a", "aa")])
  func `a merge outside the vocabulary is named`(line: String, token: String) throws {
    let merges = "#version: 0.2\na b</w>\n\(line)\n"
    let message = try Self.message(for: ["vocab.json": Self.vocabulary, "merges.txt": merges])
    #expect(
      message
        == "merges.txt, line 3: the merge \"\(line)\" needs the token \"\(token)\", which is "
        + "missing from the vocabulary; take both files from the same model.")
  }

  @Test(arguments: ["<|startoftext|>", "<|endoftext|>"])
  func `a vocabulary without a special token is rejected`(token: String) throws {
    let vocabulary = Self.vocabulary.replacing(token, with: "other")
    let message = try Self.message(for: ["vocab.json": vocabulary, "merges.txt": ""])
    #expect(
      message
        == "vocab.json: the token \"\(token)\" is missing from the vocabulary; CLIP's vocabularies have it."
    )
  }

  @Test func `a negative id is rejected`() throws {
    let vocabulary = Self.vocabulary.replacing("0", with: "-7")
    let message = try Self.message(for: ["vocab.json": vocabulary, "merges.txt": ""])
    #expect(message == "vocab.json: token \"a\" has the id -7; ids count from 0.")
  }

  @Test func `an error in an in-memory vocabulary names the merge's index`() {
    let error = #expect(throws: TokenizerError.self) {
      try CLIPTokenizer(
        vocabulary: ["a": 0, "<|startoftext|>": 1, "<|endoftext|>": 2],
        merges: [BytePairMerge("a", "a")])
    }
    #expect(error?.location == "merge 1")
    #expect(error?.fault == .unknownToken(token: "aa", merge: BytePairMerge("a", "a")))
  }
}
