import Foundation

extension BytePairVocabulary {
  /// Atomically writes `vocab.json` and `merges.txt` to `directory`, which must exist.
  ///
  /// The output is deterministic: tokens are sorted by id.
  public func write(to directory: URL) throws {
    try vocabularyJSON.write(to: directory.appending(path: "vocab.json"), options: .atomic)
    try mergesText.write(to: directory.appending(path: "merges.txt"), options: .atomic)
  }

  private var vocabularyJSON: Data {
    let entries = ids.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      .map { "\(Self.quoted($0.key)):\($0.value)" }
    return Data("{\(entries.joined(separator: ","))}\n".utf8)
  }

  private var mergesText: Data {
    let lines = ["#version: 0.2"] + merges.map { "\($0.left) \($0.right)" }
    return Data((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// `token` as a JSON string.
  private static func quoted(_ token: String) -> String {
    var quoted = "\""
    for scalar in token.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        quoted += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default:
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
