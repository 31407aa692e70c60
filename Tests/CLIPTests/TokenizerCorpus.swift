import CLIP
import Foundation
import TestSupport

/// The fixture texts by kind, with the reference tokenizer's ids.
struct TokenizerCorpus {
  struct Case: Decodable {
    let text: String
    let contextLength: Int
    let ids: [Int32]
  }

  let cases: [(kind: String, item: Case)]

  /// The cases in the order of their kinds.
  init(_ kinds: [String: [Case]]) {
    cases = kinds.sorted { $0.key < $1.key }.flatMap { kind, items in items.map { (kind, $0) } }
  }

  static func fixture() throws -> Self {
    let file = Fixtures.directory.appending(path: "tokenizer/expected.json")
    return Self(try JSONDecoder().decode([String: [Case]].self, from: Data(contentsOf: file)))
  }

  /// The number of texts with distinct scalars; Swift considers canonically equivalent strings equal.
  var distinctTextCount: Int { Set(cases.map { Array($0.item.text.utf8) }).count }

  /// Descriptions of the cases whose ids differ.
  func differences(from vocabulary: BytePairVocabulary) -> [String] {
    let tokenizer = CLIPTokenizer(vocabulary)
    let tokens = Dictionary(uniqueKeysWithValues: vocabulary.ids.map { ($0.value, $0.key) })
    return cases.compactMap { kind, item in
      let ids = tokenizer.encode(item.text, contextLength: item.contextLength)
      guard ids != item.ids else { return nil }
      let position = zip(ids, item.ids).prefix { $0 == $1 }.count
      return """
        \(kind), cut at \(item.contextLength): \(Self.escaped(item.text))
          differs from token \(position) on
          expected \(Self.named(item.ids, from: position, by: tokens))
          found    \(Self.named(ids, from: position, by: tokens))
        """
    }
  }

  /// Up to eight of `ids` with their tokens.
  private static func named(
    _ ids: [Int32], from position: Int, by tokens: [Int32: String]
  ) -> String {
    let names = ids.dropFirst(position).prefix(8).map { "\($0) \(tokens[$0] ?? "(no token)")" }
    let rest = ids.count - position - names.count
    return names.isEmpty ? "nothing" : names.joined(separator: ", ") + (rest > 0 ? ", …" : "")
  }

  /// `text` in quotes, with non-ASCII characters as numbers, to distinguish look-alikes.
  private static func escaped(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "\""
  }
}
