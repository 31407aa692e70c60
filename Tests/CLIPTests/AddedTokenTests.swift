import CLIP
import Foundation
import TestSupport
import Testing

/// Texts with added tokens, compared with transformers' result for the same files.
struct AddedTokenTests {
  struct Cases: Decodable, Sendable {
    let texts: [String]
    let cases: [Case]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let files: [String: JSON]
    let ids: [[Int32]]

    var testDescription: String { name }
  }

  /// JSON of any shape, for rewriting.
  enum JSON: Codable, Sendable {
    case object([String: JSON])
    case list([JSON])
    case text(String)
    case truth(Bool)
    case number(Int)
    case nothing

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .nothing
      } else if let value = try? container.decode(Bool.self) {
        self = .truth(value)
      } else if let value = try? container.decode(Int.self) {
        self = .number(value)
      } else if let value = try? container.decode(String.self) {
        self = .text(value)
      } else if let value = try? container.decode([JSON].self) {
        self = .list(value)
      } else {
        self = .object(try container.decode([String: JSON].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .object(let value): try container.encode(value)
      case .list(let value): try container.encode(value)
      case .text(let value): try container.encode(value)
      case .truth(let value): try container.encode(value)
      case .number(let value): try container.encode(value)
      case .nothing: try container.encodeNil()
      }
    }
  }

  private static let directory = Fixtures.directory.appending(path: "tokenizer")
  static let fixture = try! JSONDecoder().decode(
    Cases.self, from: Data(contentsOf: directory.appending(path: "added.json")))

  private static func tokenizer(_ files: [String: JSON]) throws -> CLIPTokenizer {
    let folder = try TemporaryFolder()
    for name in ["vocab.json", "merges.txt"] {
      try FileManager.default.copyItem(
        at: directory.appending(path: name), to: folder.url.appending(path: name))
    }
    for (name, content) in files {
      if name == "added_tokens" {
        let combined = try Data(contentsOf: directory.appending(path: "combined/tokenizer.json"))
        guard case .object(var whole) = try JSONDecoder().decode(JSON.self, from: combined) else {
          preconditionFailure("a tokenizer.json is an object")
        }
        whole["added_tokens"] = content
        try folder.write(Array(JSONEncoder().encode(whole)), to: "tokenizer.json")
      } else {
        try folder.write(Array(JSONEncoder().encode(content)), to: name)
      }
    }
    return try CLIPTokenizer(directory: folder.url)
  }

  @Test(arguments: fixture.cases)
  func `every text has the reference tokenizer's ids with the same files`(item: Case) throws {
    let tokenizer = try Self.tokenizer(item.files)
    for (text, ids) in zip(Self.fixture.texts, item.ids) {
      #expect(tokenizer.encode(text) == ids, "\(text)")
    }
    let largest = item.ids.joined().max()!
    #expect(tokenizer.vocabularySize > largest)
  }

  @Test func `added tokens change the ids of the fixture texts`() {
    let plain = Self.fixture.cases[0].ids
    #expect(Self.fixture.cases.count { $0.ids != plain } >= 15)
  }

  @Test func `tokens beyond the vocabulary need embedding rows`() throws {
    let added = JSON.object(["<sks>": .number(1514)])
    #expect(try Self.tokenizer([:]).vocabularySize == 1514)
    #expect(try Self.tokenizer(["added_tokens.json": added]).vocabularySize == 1515)
  }
}
