import Foundation
import TestSupport
import Testing

@testable import Pictures

struct PictureFaultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a missing file, a folder and a device are refused`() {
    let missing = folder.url.appendingPathComponent("missing.png")
    expectError(missing, "There is no file \(missing.path); check the path.")
    expectError(
      folder.url,
      "\(folder.url.path) is a folder where a picture is needed; name a file in it.")
    expectError(URL(filePath: "/dev/zero"), "/dev/zero is not a regular file; name one.")
  }

  @Test func `an empty file is refused`() throws {
    let file = try folder.write([], to: "a.png")
    expectError(file, "\(file.path) is empty; get it again from its source.")
  }

  @Test(arguments: [[0x89], Array("GIF89a".utf8), [0xff, 0xd8], [UInt8](repeating: 0, count: 99)])
  func `what is no picture is refused`(bytes: [UInt8]) throws {
    let file = try folder.write(bytes, to: "a.png")
    expectError(
      file,
      "\(file.path) is neither a PNG nor a JPEG picture, whatever its name; "
        + "convert it to one of the two.")
  }

  @Test(arguments: ["rgb-8.png", "grey-16-interlaced.png", "palette-4-interlaced.png"])
  func `a PNG file cut at any byte is refused`(name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    for length in 8..<bytes.count - 12 {
      let file = try folder.write(Array(bytes[..<length]), to: "cut.png")
      expectDamaged(file, "PNG")
    }
  }

  @Test(arguments: ["420.jpg", "420-progressive.jpg", "grey.jpg"])
  func `a JPEG file cut at any byte is refused`(name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    for length in 3..<bytes.count - 2 {
      let file = try folder.write(Array(bytes[..<length]), to: "cut.jpg")
      expectDamaged(file, "JPEG")
    }
  }

  @Test func `a PNG file with any byte of its pixels flipped is refused`() throws {
    let bytes = try PictureFixtures.bytes("rgb-8.png")
    for place in 8..<bytes.count - 12 {
      var damaged = bytes
      damaged[place] ^= 0x10
      let file = try folder.write(damaged, to: "damaged.png")
      #expect(fault(file).hasPrefix(file.path), "byte \(place)")
    }
  }

  @Test(arguments: ["420.jpg", "420-progressive.jpg"])
  func `a JPEG file with a flipped byte is read or refused`(name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    for place in 3..<bytes.count {
      var damaged = bytes
      damaged[place] ^= 0x5a
      let file = try folder.write(damaged, to: "damaged.jpg")
      let words = fault(file)
      #expect(words.isEmpty || words.hasPrefix(file.path))
    }
  }

  @Test func `a JPEG file in CMYK is refused`() {
    let file = PictureFixtures.file("cmyk.jpg")
    expectError(file, "\(file.path) is a JPEG picture in CMYK; convert it to RGB.")
  }

  /// The file is one large hole, which takes no room on the disk.
  @Test func `a file beyond the limit is refused`() throws {
    let file = try folder.write([], to: "a.png")
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: 64_000_001)
    try handle.close()
    expectError(
      file,
      "\(file.path) is larger than the 64 MB that are accepted of a picture; make it smaller.")
  }

  @Test func `a PNG picture beyond the limit is refused by its header`() throws {
    var bytes = try PictureFixtures.bytes("rgb-8.png")
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x27, 0x11, 0, 0, 0x27, 0x10])
    let checked = bytes[12..<29]
    let sum = checkSum(checked)
    bytes.replaceSubrange(
      29..<33, with: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) })
    let file = try folder.write(bytes, to: "a.png")
    expectError(
      file,
      "\(file.path) has 10000 rows of 10001 pixels, more than the 100 megapixels that are "
        + "accepted; make it smaller.")
  }

  @Test func `a JPEG picture beyond the limit is refused by its header`() throws {
    var bytes = try PictureFixtures.bytes("420.jpg")
    let frame = try #require(
      bytes.indices.dropLast(9).first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xea, 0x60, 0xea, 0x60])
    let file = try folder.write(bytes, to: "a.jpg")
    expectError(
      file,
      "\(file.path) has 60000 rows of 60000 pixels, more than the 100 megapixels that are "
        + "accepted; make it smaller.")
  }

  private func expectError(
    _ file: URL, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: PictureError(sentence), sourceLocation: sourceLocation) {
      try Picture(file: file)
    }
  }

  private func expectDamaged(
    _ file: URL, _ kind: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let start = "\(file.path) is a damaged \(kind) picture ("
    let end = "); get it again from its source."
    let words = fault(file)
    #expect(words.hasPrefix(start) && words.hasSuffix(end), sourceLocation: sourceLocation)
  }

  /// What is said of the file; empty where it is read.
  private func fault(_ file: URL) -> String {
    do throws(PictureError) {
      _ = try Picture(file: file)
      return ""
    } catch {
      return error.description
    }
  }

  /// CRC-32 as PNG has it, bit by bit.
  private func checkSum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
        sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1
      }
    }
  }
}
