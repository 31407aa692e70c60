import CCairo
import Foundation
import Randomness
import TestSupport
import Testing

@testable import Drawings

struct CutOutPictureTests {
  private let folder = try! TemporaryFolder()

  /// A borderless rectangle of one colour, half of it semi-transparent.
  private func picture(
    width: Int, height: Int, opacity: Double = 1, format: cairo_format_t = CAIRO_FORMAT_ARGB32
  ) throws -> CutOutPicture {
    let file = folder.url.appending(path: "\(width)x\(height).png")
    let surface = cairo_image_surface_create(format, Int32(width), Int32(height))
    let context = cairo_create(surface)
    cairo_set_source_rgba(context, 1, 0, 0, opacity)
    cairo_paint(context)
    cairo_surface_write_to_png(surface, file.path)
    cairo_destroy(context)
    cairo_surface_destroy(surface)
    return try CutOutPicture(file: file)
  }

  @Test(arguments: [CAIRO_FORMAT_ARGB32, CAIRO_FORMAT_RGB24])
  func `a wide picture fills the width and leaves white above and below`(
    format: cairo_format_t
  ) throws {
    let pixels = try picture(width: 40, height: 20, format: format).plain(imageSize: 20)
    func pixel(_ row: Int, _ column: Int) -> [UInt8] {
      Array(pixels[(row * 20 + column) * 3..<(row * 20 + column) * 3 + 3])
    }
    #expect(pixel(10, 10) == [255, 0, 0])
    #expect(pixel(10, 1) == [255, 0, 0])
    #expect(pixel(2, 10) == [255, 255, 255])
    #expect(pixel(17, 10) == [255, 255, 255])
  }

  @Test func `semi-transparent pixels blend with the background`() throws {
    let pixels = try picture(width: 16, height: 16, opacity: 0.5).plain(imageSize: 16)
    let centre = (8 * 16 + 8) * 3
    #expect(pixels[centre] == 255)
    #expect(abs(Int(pixels[centre + 1]) - 127) <= 1)
  }

  @Test func `composed pictures differ, and depend only on their random numbers`() throws {
    let picture = try picture(width: 30, height: 20)
    let pictures = (0..<30).map { index in
      var random = RandomStream(seed: 1, purpose: "staging", index)
      return picture.staged(imageSize: 28, using: &random)
    }
    #expect(Set(pictures.map(\.pixels)).count == 30)
    for (pixels, isGrey) in pictures {
      let red = stride(from: 0, to: pixels.count, by: 3)
      let greys = red.allSatisfy { Set(pixels[$0..<$0 + 3]).count == 1 }
      if isGrey { #expect(greys) }
      // A thing contrasts with its background.
      let lightness = pixels.map(Int.init)
      #expect(lightness.max()! - lightness.min()! > 30)
    }
    #expect(pictures.contains { $0.isGrey } && pictures.contains { !$0.isGrey })
  }

  @Test func `a missing, invalid or too large file is rejected`() throws {
    #expect(throws: CutOutPictureError.self) {
      try CutOutPicture(file: folder.url.appending(path: "nowhere.png"))
    }
    let text = folder.url.appending(path: "text.png")
    try Data("text".utf8).write(to: text)
    #expect(throws: CutOutPictureError.self) { try CutOutPicture(file: text) }
    #expect(throws: CutOutPictureError.self) { try picture(width: 1025, height: 1) }
  }
}
