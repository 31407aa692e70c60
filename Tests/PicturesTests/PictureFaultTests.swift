import Foundation
import TestSupport
import Testing

@testable import Pictures

struct PictureFaultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a missing file, a folder and a device are rejected`() {
    let missing = folder.url.appendingPathComponent("missing.png")
    expectError(missing, "There is no file \(missing.path); check the path.")
    expectError(
      folder.url,
      "\(folder.url.path) is a folder, not a picture; give the path of a file.")
    expectError(URL(filePath: "/dev/zero"), "/dev/zero is not a regular file.")
  }

  @Test func `an empty file is rejected`() throws {
    let file = try folder.write([], to: "a.png")
    expectError(file, "\(file.path) is empty; download it again from its source.")
  }

  @Test(arguments: [
    [0x89], Array("GIF88a".utf8), [0xff, 0xd8], [UInt8](repeating: 0, count: 99),
    Array("BM but no bitmap".utf8), Array("RIFF....WAVEfmt ".utf8), [0x49, 0x49, 0x2a],
  ])
  func `a file that is not a picture is rejected`(bytes: [UInt8]) throws {
    let file = try folder.write(bytes, to: "a.png")
    expectError(
      file,
      "\(file.path) is not a PNG, JPEG, WebP, GIF, TIFF or BMP picture, despite its name; "
        + "convert it to one of them.")
  }

  @Test(arguments: ["rgb-8.png", "grey-16-interlaced.png", "palette-4-interlaced.png"])
  func `a PNG file truncated at any byte is rejected`(name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    for length in 8..<bytes.count - 12 {
      let file = try folder.write(Array(bytes[..<length]), to: "cut.png")
      expectDamaged(file, "PNG")
    }
  }

  @Test(arguments: ["420.jpg", "420-progressive.jpg", "grey.jpg"])
  func `a JPEG file truncated at any byte is rejected`(name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    for length in 3..<bytes.count - 2 {
      let file = try folder.write(Array(bytes[..<length]), to: "cut.jpg")
      expectDamaged(file, "JPEG")
    }
  }

  /// The number of trailing bytes that can be missing without losing a pixel.
  @Test(arguments: [
    ("lossless-alpha.webp", "WebP", 12, 0), ("lossy-alpha.webp", "WebP", 12, 0),
    ("animation.webp", "WebP", 12, 0), ("part-alpha.webp", "WebP", 12, 0),
    ("palette-interlaced.gif", "GIF", 6, 1), ("part-transparent.gif", "GIF", 6, 1),
    ("lzw-predictor.tif", "TIFF", 4, 0), ("tiled-planes.tif", "TIFF", 4, 0),
    ("old-8.bmp", "BMP", 18, 3), ("masks-alpha.bmp", "BMP", 18, 0), ("rgb.bmp", "BMP", 18, 1),
  ])
  func `a file of another format truncated at any byte is rejected`(
    name: String, kind: String, first: Int, needless: Int
  ) throws {
    let bytes = try PictureFixtures.bytes(name)
    for length in first..<bytes.count - needless {
      let file = try folder.write(Array(bytes[..<length]), to: "cut")
      expectDamaged(file, kind)
    }
    let rest = try folder.write(Array(bytes.dropLast(needless)), to: "rest")
    #expect(try Picture(file: rest) == Picture(file: PictureFixtures.file(name)))
  }

  /// Nothing after the first frame is read.
  @Test func `an animation truncated after its first frame gives this frame`() throws {
    let bytes = try PictureFixtures.bytes("animation.gif")
    let file = try folder.write(bytes.dropLast(9), to: "a.gif")
    #expect(try Picture(file: file) == Picture(file: PictureFixtures.file("palette.gif")))
  }

  @Test(arguments: [
    "lossless.webp", "lossy-alpha.webp", "animation-alpha.webp", "part.webp", "palette.gif",
    "part-transparent-beyond.gif", "lzw.tif", "deflate-alpha.tif", "packbits.tif", "palette-4.tif",
    "tiles.tif", "planes.tif", "orientation-6.tif", "bits-4.bmp", "masks-apart.bmp", "top-down.bmp",
  ])
  func `a file of another format with a flipped byte is read or rejected`(name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    for place in bytes.indices {
      for flip: UInt8 in [0x5a, 0x80, 0xff] {
        var damaged = bytes
        damaged[place] ^= flip
        let file = try folder.write(damaged, to: "damaged")
        let words = fault(file)
        #expect(words.isEmpty || words.hasPrefix(file.path), "byte \(place)")
      }
    }
  }

  @Test func `a too large picture of any format is rejected by its header`() throws {
    func expectTooLarge(_ name: String, _ sides: String, _ edit: (inout [UInt8]) -> Void) throws {
      var bytes = try PictureFixtures.bytes(name)
      edit(&bytes)
      let file = try folder.write(bytes, to: name)
      let words = fault(file)
      #expect(
        words.hasPrefix("\(file.path) has \(sides), more than the 100 megapixels"), "\(words)")
    }
    try expectTooLarge("palette.gif", "65535 rows of 65535 pixels") {
      $0.replaceSubrange(6..<10, with: [0xff, 0xff, 0xff, 0xff])
    }
    try expectTooLarge("rgb.bmp", "65536 rows of 16777216 pixels") {
      $0.replaceSubrange(18..<26, with: [0, 0, 0, 1, 0, 0, 1, 0])
    }
    try expectTooLarge("top-down.bmp", "2147483648 rows of 13 pixels") {
      $0.replaceSubrange(22..<26, with: [0, 0, 0, 0x80])
    }
    // The canvas of an animation: three bytes each, less one.
    try expectTooLarge("part.webp", "16777216 rows of 255 pixels") {
      $0.replaceSubrange(24..<30, with: [0xfe, 0, 0, 0xff, 0xff, 0xff])
    }
    // The first two entries of the directory, whose values are short numbers.
    try expectTooLarge("plain.tif", "65535 rows of 65534 pixels") { bytes in
      let directory = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      bytes.replaceSubrange(directory + 10..<directory + 12, with: [0xfe, 0xff])
      bytes.replaceSubrange(directory + 22..<directory + 24, with: [0xff, 0xff])
    }
  }

  @Test func `unsupported variants of TIFF and BMP are rejected with their description`() throws {
    func expectUnsupported(_ name: String, _ words: String, _ edit: (inout [UInt8]) -> Void) throws
    {
      var bytes = try PictureFixtures.bytes(name)
      edit(&bytes)
      let file = try folder.write(bytes, to: name)
      expectError(file, "\(file.path) is a \(words); convert it to PNG.")
    }
    func setTag(_ tag: UInt16, to value: UInt8) -> (inout [UInt8]) -> Void {
      { bytes in
        let directory = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let entries = stride(from: directory + 2, to: bytes.count - 12, by: 12)
        let entry = entries.first { bytes[$0] == tag & 255 && bytes[$0 + 1] == tag >> 8 }!
        bytes[entry + 8] = value
      }
    }
    try expectUnsupported(
      "plain.tif", "TIFF picture with the compression 7", setTag(259, to: 7))
    try expectUnsupported(
      "grey-16.tif", "TIFF picture with a kind of samples of 32 bits that is not read",
      setTag(258, to: 32))
    try expectUnsupported(
      "alpha.tif", "TIFF picture with the colours of photometric interpretation 5",
      setTag(262, to: 5))
    try expectUnsupported(
      "alpha.tif", "TIFF picture whose sample 4 may be alpha or not", setTag(338, to: 0))
    try expectUnsupported("palette.bmp", "BMP picture with the compression 1") { $0[30] = 1 }
    try expectUnsupported("rgb.bmp", "BMP picture with 16 bits per pixel") { $0[28] = 16 }
    try expectUnsupported(
      "masks-apart.bmp", "BMP picture with masks that are not whole bytes"
    ) { $0[54] = 1 }
  }

  @Test func `a PNG file with any flipped pixel byte is rejected`() throws {
    let bytes = try PictureFixtures.bytes("rgb-8.png")
    for place in 8..<bytes.count - 12 {
      var damaged = bytes
      damaged[place] ^= 0x10
      let file = try folder.write(damaged, to: "damaged.png")
      #expect(fault(file).hasPrefix(file.path), "byte \(place)")
    }
  }

  @Test(arguments: ["420.jpg", "420-progressive.jpg"])
  func `a JPEG file with a flipped byte is read or rejected`(name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    for place in 3..<bytes.count {
      var damaged = bytes
      damaged[place] ^= 0x5a
      let file = try folder.write(damaged, to: "damaged.jpg")
      let words = fault(file)
      #expect(words.isEmpty || words.hasPrefix(file.path))
    }
  }

  @Test func `a CMYK JPEG file is rejected`() {
    let file = PictureFixtures.file("cmyk.jpg")
    expectError(file, "\(file.path) is a JPEG picture in CMYK; convert it to RGB.")
  }

  /// The file is sparse and takes no disk space.
  @Test func `a file beyond the limit is rejected`() throws {
    let file = try folder.write([], to: "a.png")
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: 64_000_001)
    try handle.close()
    expectError(
      file,
      "\(file.path) is larger than the 64 MB supported for a picture; make it smaller.")
  }

  @Test func `a PNG picture beyond the limit is rejected by its header`() throws {
    var bytes = try PictureFixtures.bytes("rgb-8.png")
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x27, 0x11, 0, 0, 0x27, 0x10])
    let checked = bytes[12..<29]
    let sum = checkSum(checked)
    bytes.replaceSubrange(
      29..<33, with: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) })
    let file = try folder.write(bytes, to: "a.png")
    expectError(
      file,
      "\(file.path) has 10000 rows of 10001 pixels, more than the 100 megapixels "
        + "supported; make it smaller.")
  }

  @Test func `a JPEG picture beyond the limit is rejected by its header`() throws {
    var bytes = try PictureFixtures.bytes("420.jpg")
    let frame = try #require(
      bytes.indices.dropLast(9).first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xea, 0x60, 0xea, 0x60])
    let file = try folder.write(bytes, to: "a.jpg")
    expectError(
      file,
      "\(file.path) has 60000 rows of 60000 pixels, more than the 100 megapixels "
        + "supported; make it smaller.")
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
    let end = "); download it again from its source."
    let words = fault(file)
    #expect(words.hasPrefix(start) && words.hasSuffix(end), sourceLocation: sourceLocation)
  }

  /// The error message for the file; empty if it is read.
  private func fault(_ file: URL) -> String {
    do throws(PictureError) {
      _ = try Picture(file: file)
      return ""
    } catch {
      return error.description
    }
  }

  /// PNG's CRC-32, bit by bit.
  private func checkSum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
        sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1
      }
    }
  }
}
