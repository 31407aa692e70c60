import Crypto
import Drawings
import Foundation
import Storage

/// Captioned pictures in a folder, with the file that lists them.
///
/// `manifest.csv` has a row for each picture under a row of column names: `file`, its path in the
/// folder; `caption`; `keywords` and `category`, each some phrases with semicolons between; and `part`,
/// `train` or `held-out`. Other columns are left alone.
struct PictureCorpus: Sendable {
  /// What a base is trained on.
  let train: [CaptionedPicture]
  /// What it is measured on; no caption of these is in the part to train on.
  let heldOut: [CaptionedPicture]
  /// Of the list.
  let digest: SHA256.Digest

  /// - Throws: `PictureCorpusError` or `CutOutPictureError` where the list or a picture is missing or
  ///   faulty.
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
