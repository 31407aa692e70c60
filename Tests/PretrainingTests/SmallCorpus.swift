import CCairo
import Foundation
import TestSupport

@testable import Pretraining

/// A folder with captioned pictures: discs and squares of one colour on a transparent background.
struct SmallCorpus {
  let folder: TemporaryFolder

  static let manifest = """
    file,source,caption,keywords,category,part
    red.png,test,red disc,round;toy,shapes,train
    blue.png,test,"blue square, tilted",,shapes,train
    green.png,test,green discs,round,,train
    white.png,test,white square,,,held-out

    """

  init(manifest: String = Self.manifest) throws {
    folder = try TemporaryFolder()
    try Data(manifest.utf8).write(to: folder.url.appending(path: "manifest.csv"))
    for (name, colour) in [
      ("red", (1.0, 0.0, 0.0)), ("blue", (0, 0, 1)), ("green", (0, 1, 0)), ("white", (1, 1, 1)),
    ] {
      Self.draw(
        colour, width: name == "red" ? 20 : 12, height: 12,
        to: folder.url.appending(path: "\(name).png"))
    }
  }

  func read() throws -> PictureCorpus { try PictureCorpus(directory: folder.url) }

  /// A rectangle with a transparent border of two pixels.
  static func draw(
    _ colour: (Double, Double, Double), width: Int, height: Int, to file: URL
  ) {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(width), Int32(height))
    let context = cairo_create(surface)
    cairo_set_source_rgba(context, colour.0, colour.1, colour.2, 1)
    cairo_rectangle(context, 2, 2, Double(width - 4), Double(height - 4))
    cairo_fill(context)
    cairo_surface_write_to_png(surface, file.path)
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }
}
