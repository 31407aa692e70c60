import Foundation
import TestSupport
import Testing

@testable import Datasets

struct GzipFileTests {
  let folder: TemporaryFolder
  /// Long enough for several windows of output, several chunks of input, and hard to compress.
  static let content = (0..<1_200_000).map {
    UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13)
  }

  let content = Self.content

  init() throws { folder = try TemporaryFolder() }

  @Test func `a gzip file is decompressed, whatever its name`() throws {
    let compressed = try folder.gzip(content)
    for name in ["a.gz", "a"] {
      #expect(try read(compressed, name) == content)
    }
  }

  @Test func `an uncompressed file is read unchanged`() throws {
    #expect(try read(content, "plain") == content)
    #expect(try read([], "empty") == [])
  }

  @Test func `the members of a gzip file are concatenated`() throws {
    let compressed = try folder.gzip([1, 2]) + folder.gzip([]) + folder.gzip([3])
    #expect(try read(compressed, "a.gz") == [1, 2, 3])
  }

  @Test func `a gzip file truncated at any byte is rejected`() throws {
    let compressed = try folder.gzip(Array(content[..<40]))
    for length in 2..<compressed.count {
      let file = try folder.write(Array(compressed[..<length]), to: "cut.gz")
      let sentence =
        "\(file.path) is truncated: it ends within its compressed data; download it again from its source."
      #expect(throws: DatasetError(sentence)) { try GzipFile.contents(of: file, limit: 100) }
    }
  }

  @Test func `a large gzip file without its last byte is rejected`() throws {
    let compressed = try folder.gzip(content)
    let file = try folder.write(compressed.dropLast(), to: "cut.gz")
    let error = #expect(throws: DatasetError.self) {
      try GzipFile.contents(of: file, limit: content.count)
    }
    #expect(error?.description.contains("is truncated") == true)
  }

  @Test func `a gzip file with a flipped byte is rejected`() throws {
    let compressed = try folder.gzip(content)
    for place in [compressed.count / 3, compressed.count / 2, compressed.count - 8] {
      var damaged = compressed
      damaged[place] ^= 0x10
      let file = try folder.write(damaged, to: "damaged.gz")
      let sentence =
        "\(file.path) is damaged: its compressed data is invalid; download it again from its source."
      #expect(throws: DatasetError(sentence)) {
        try GzipFile.contents(of: file, limit: 2 * content.count)
      }
    }
  }

  @Test(arguments: [[0], [0x1f], [0x1f, 0x8b], [1, 2, 3, 4, 5]] as [[UInt8]])
  func `bytes after the compressed data are rejected`(garbage: [UInt8]) throws {
    let file = try folder.write(folder.gzip([1, 2, 3]) + garbage, to: "long.gz")
    let sentence =
      "\(file.path) has extra bytes after its compressed data; download it again from its source."
    #expect(throws: DatasetError(sentence)) { try GzipFile.contents(of: file, limit: 10) }
  }

  @Test func `a file that expands beyond the limit is rejected`() throws {
    let zeros = [UInt8](repeating: 0, count: 1_000_001)
    for (name, bytes) in [("plain", zeros), ("bomb.gz", try folder.gzip(zeros))] {
      let file = try folder.write(bytes, to: name)
      #expect(try GzipFile.contents(of: file, limit: zeros.count) == zeros)
      let sentence =
        "\(file.path) holds more than the limit of 1000000 bytes; "
        + "check that it is the file you mean."
      #expect(throws: DatasetError(sentence)) {
        try GzipFile.contents(of: file, limit: zeros.count - 1)
      }
    }
  }

  @Test(arguments: [[], [0x1f], [1, 2, 3]] as [[UInt8]])
  func `a .gz file that is not gzip is rejected`(bytes: [UInt8]) throws {
    let file = try folder.write(bytes, to: "a.gz")
    let sentence =
      "\(file.path) is not a gzip file, despite its name; download it again from its source."
    #expect(throws: DatasetError(sentence)) { try GzipFile.contents(of: file, limit: 10) }
  }

  @Test func `a missing file, a folder and a device are rejected`() throws {
    let missing = folder.url.appendingPathComponent("missing")
    let sentences = [
      (missing, "There is no file \(missing.path); check the path."),
      (
        folder.url,
        "\(folder.url.path) is a folder, not a file; give the path of a file."
      ),
      (
        URL(fileURLWithPath: "/dev/zero"),
        "/dev/zero is not a regular file."
      ),
    ]
    for (file, sentence) in sentences {
      #expect(throws: DatasetError(sentence)) { try GzipFile.contents(of: file, limit: 10) }
    }
  }

  @Test func `a link to a file is followed`() throws {
    let file = try folder.write([1, 2], to: "file")
    let link = folder.url.appendingPathComponent("link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
    #expect(try GzipFile.contents(of: link, limit: 10) == [1, 2])
  }

  private func read(_ bytes: [UInt8], _ name: String) throws -> [UInt8] {
    try GzipFile.contents(of: folder.write(bytes, to: name), limit: content.count)
  }
}
