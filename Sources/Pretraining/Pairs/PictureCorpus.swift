import Crypto
import Drawings
import Foundation
import Storage

/// A folder of captioned pictures with a manifest.
///
/// `manifest.csv` has a header and a row per picture: `file`, its path in the folder; `caption`;
/// `keywords` and `category`, phrases separated by semicolons; and `part`, `train` or `held-out`.
/// Other columns are ignored.
struct PictureCorpus: Sendable {
  /// The training pictures.
  let train: [CaptionedPicture]
  /// The held-out pictures; none of their captions is in the training part.
  let heldOut: [CaptionedPicture]
  /// The digest of the manifest.
  let digest: SHA256.Digest

  /// - Throws: `PictureCorpusError` or `CutOutPictureError` if the manifest or a picture is missing
  ///   or invalid.
  init(directory: URL) throws {
    let manifest = directory.appending(path: "manifest.csv")
    guard let data = try? Data(contentsOf: manifest) else {
      throw PictureCorpusError(
        "\(manifest.path) is missing or cannot be read; create it with scripts/corpora, or remove data.pictures from the recipe."
      )
    }
    digest = SHA256.hash(data: data)
    var parts: [String: [CaptionedPicture]] = ["train": [], "held-out": []]
    for row in try Self.rows(data, manifest) {
      guard let part = row["part"], parts[part] != nil else {
        throw PictureCorpusError(
          "\(manifest.path) has \(row["part"] ?? "nothing") as the part of \(row["file"] ?? "a picture"); use train or held-out."
        )
      }
      parts[part]!.append(
        CaptionedPicture(
          picture: try CutOutPicture(file: directory.appending(path: row["file"]!)),
          title: row["caption"]!, keywords: Self.phrases(row["keywords"]),
          categories: Self.phrases(row["category"])))
    }
    (train, heldOut) = (parts["train"]!, parts["held-out"]!)
    guard !train.isEmpty else {
      throw PictureCorpusError("\(manifest.path) lists no training pictures.")
    }
  }

  private static func rows(_ data: Data, _ manifest: URL) throws(PictureCorpusError) -> [[String:
    String]]
  {
    let records = CommaSeparatedValues.records(in: String(decoding: data, as: UTF8.self))
    guard let names = records.first else {
      throw PictureCorpusError("\(manifest.path) is empty; create it again with scripts/corpora.")
    }
    for name in ["file", "caption", "part"] where !names.contains(name) {
      throw PictureCorpusError("\(manifest.path) has no column \"\(name)\" in its first line.")
    }
    var rows: [[String: String]] = []
    for (number, record) in records.enumerated().dropFirst() {
      guard record.count == names.count else {
        throw PictureCorpusError(
          "\(manifest.path) has \(record.count) fields instead of \(names.count) in record \(number + 1)."
        )
      }
      rows.append(Dictionary(zip(names, record)) { first, _ in first })
    }
    return rows
  }

  private static func phrases(_ field: String?) -> [String] {
    (field ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}
