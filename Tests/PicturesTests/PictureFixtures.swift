import CLIP
import Foundation
import TestSupport

/// The committed pictures and Pillow's results for them.
struct PictureFixtures: Decodable {
  struct Expected: Decodable {
    let file: String
    let height: Int
    let width: Int
    let pixels: Data
  }

  /// A picture after preprocessing.
  struct Processed: Decodable {
    let file: String
    let configuration: ImagePreprocessor
    let values: Data

    var expectedValues: [Float] {
      values.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: 4).map {
          let bits = bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
          return Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
    }
  }

  let pictures: [Expected]
  let processed: [Processed]

  static let all = try! JSONDecoder().decode(
    Self.self, from: Data(contentsOf: file("expected.json")))

  static func file(_ name: String) -> URL {
    Fixtures.directory.appending(path: "pictures/\(name)")
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: file(name)))
  }
}
