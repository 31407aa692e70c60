import CLIP
import Foundation
import TestSupport
import Testing

@testable import Pictures

struct PictureTests {
  @Test(arguments: PictureFixtures.all.pictures.indices)
  func `a file has the pixels that Pillow reads`(index: Int) throws {
    let expected = PictureFixtures.all.pictures[index]
    let picture = try Picture(file: PictureFixtures.file(expected.file))
    #expect(picture.height == expected.height && picture.width == expected.width)
    #expect(picture.pixels == [UInt8](expected.pixels), "\(expected.file)")
  }

  @Test(arguments: PictureFixtures.all.processed.indices)
  func `a file is preprocessed like the reference`(index: Int) throws {
    let expected = PictureFixtures.all.processed[index]
    let picture = try Picture(file: PictureFixtures.file(expected.file))
    let values = expected.configuration.process(
      picture.pixels, height: picture.height, width: picture.width, channels: 3)
    #expect(values == expected.expectedValues, "\(expected.file)")
  }

  @Test func `a picture's format is recognized by content, not by name`() throws {
    let folder = try TemporaryFolder()
    for (name, other) in [
      ("rgb-8.png", "a.jpg"), ("420.jpg", "b.txt"), ("lossy.webp", "c.png"), ("grey.gif", "d.bmp"),
      ("plain.tif", "e.gif"), ("rgb.bmp", "f"),
    ] {
      let copy = try folder.write(PictureFixtures.bytes(name), to: other)
      #expect(try Picture(file: copy) == Picture(file: PictureFixtures.file(name)))
    }
  }

  @Test func `bytes between the segments of a JPEG file are allowed`() throws {
    let folder = try TemporaryFolder()
    let bytes = try PictureFixtures.bytes("420.jpg")
    let file = try folder.write(bytes.dropLast(2) + [0, 0, 0xff, 0xd9], to: "a.jpg")
    #expect(try Picture(file: file) == Picture(file: PictureFixtures.file("420.jpg")))
  }
}
