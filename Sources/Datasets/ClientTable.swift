import Foundation
import Storage

/// The `clients.csv` of an image folder: the columns `file` and `client`, in RFC 4180 format and
/// UTF-8.
struct ClientTable {
  static let fileName = "clients.csv"

  private let file: URL
  /// The client of each file.
  private var clients: [String: String] = [:]

  /// - Throws: `DatasetError` if the table cannot be read or has other columns, a row does not have
  ///   two fields, a name is empty, or a file occurs twice.
  init(_ file: URL) throws(DatasetError) {
    self.file = file
    let bytes = try GzipFile.contents(of: file, limit: Self.limit)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw DatasetError("\(file.path) is not UTF-8; save it as UTF-8.")
    }
    let records = CommaSeparatedValues(bytes).filter { $0.fields != [""] }
    if let open = records.last, open.isUnclosed {
      throw DatasetError("\(file.path), line \(open.line): a quote is not closed; close it.")
    }
    guard records.first?.fields == ["file", "client"] else {
      throw DatasetError(
        "\(file.path) does not begin with the columns file,client; write them in its first line.")
    }
    for record in records.dropFirst() {
      guard record.fields.count == 2, !record.fields[0].isEmpty, !record.fields[1].isEmpty else {
        throw DatasetError(
          "\(file.path), line \(record.line): a row has a file and a client; write both.")
      }
      guard clients.updateValue(record.fields[1], forKey: record.fields[0]) == nil else {
        throw DatasetError(
          "\(file.path), line \(record.line): \(record.fields[0]) appears twice; give each file one client."
        )
      }
    }
  }

  /// The owners of the pictures.
  ///
  /// - Parameter pictures: paths below the folder.
  /// - Throws: `DatasetError` if a picture has no client, or a file of the table is not one of the
  ///   pictures.
  func owners(of pictures: [String]) throws(DatasetError) -> ImageDataset.Owners {
    var owner: [String] = []
    for picture in pictures {
      guard let client = clients[picture] else {
        throw DatasetError(
          "\(file.path) has no row for \(picture); add one, or remove the picture.")
      }
      owner.append(client)
    }
    let known = Set(pictures)
    if let missing = clients.keys.filter({ !known.contains($0) }).sorted().first {
      throw DatasetError(
        "\(file.path) names \(missing), which is not a picture in a class folder; remove the row."
      )
    }
    let names = Set(owner).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, Int32(0)...))
    return .init(names: names, ofSamples: owner.map { places[$0]! })
  }

  private static let limit = 1 << 28
}
