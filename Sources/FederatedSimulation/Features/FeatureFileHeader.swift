import Foundation

/// The header of a feature file in safetensors terms.
struct FeatureFileHeader {
  /// The inputs of the features, as text visible to any reader of safetensors.
  private let metadata: [String: String]
  /// The number of samples with rows, and the width of a row.
  let count: Int
  let columns: Int

  /// Part of every key, so that later formats never match a file of this one.
  static let format = "flora image features 2"

  init(_ key: FeatureKey, count: Int, checksum: String) {
    let own = ["key": key.digest, "sha256": checksum]
    metadata = own.merging(key.labels) { $1 }.merging(key.parts) { $1 }
    self.count = count
    columns = key.columns
  }

  var key: String? { metadata["key"] }
  var checksum: String? { metadata["sha256"] }
  var dataSet: String? { metadata["data_set"] }
  var base: String? { metadata["base"] }
  /// The number of samples in the data set.
  var population: Int? {
    metadata["images"]?.split(separator: " ").first.flatMap { Int($0) }
  }

  /// Parses a header; nil if it has another format, or does not match the number of bytes that
  /// follow.
  init?(_ json: Data, bodyBytes: Int) {
    guard let fields = try? JSONDecoder().decode(Fields.self, from: json),
      fields.metadata["format"] == Self.format, fields.features.shape.count == 2,
      let columns = fields.features.shape.last, (2...1_000_001).contains(columns)
    else { return nil }
    metadata = fields.metadata
    count = bodyBytes / (4 * (1 + columns))
    self.columns = columns
    guard bodyBytes == 4 * count * (1 + columns), fields == self.fields else { return nil }
  }

  /// The length and the text of the header, padded so that the data starts at a multiple of eight
  /// bytes.
  func bytes() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = try encoder.encode(fields)
    text.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8))
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
  }

  private var fields: Fields {
    Fields(
      metadata: metadata,
      samples: Tensor(dtype: "I32", shape: [count], dataOffsets: [0, 4 * count]),
      features: Tensor(
        dtype: "F32", shape: [count, columns],
        dataOffsets: [4 * count, 4 * count * (1 + columns)]))
  }

  private struct Fields: Codable, Equatable {
    let metadata: [String: String]
    let samples: Tensor
    let features: Tensor

    enum CodingKeys: String, CodingKey {
      case metadata = "__metadata__"
      case samples, features
    }
  }

  private struct Tensor: Codable, Equatable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }
}
