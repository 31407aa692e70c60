import Configuration
import Foundation

/// Which captioned pictures a base is trained on, and which photographs show how far it is.
public struct PretrainingData: Sendable {
  /// The share of drawings among the pairs; 1 where there are no pictures.
  public var drawnShare: Double
  /// The folder of the corpora's pictures, with their `manifest.csv`; nil to train on drawings alone.
  public var pictures: URL?
  /// How many of Fashion-MNIST's photographs the base's zero-shot accuracy is logged on; none is
  /// trained on.
  public var photographs: Int
  /// Where Fashion-MNIST's files are; nil for where Debian's package puts them.
  public var photographFolder: URL?

  /// - Parameter folder: where relative paths start.
  init(_ section: ConfigurationSection, relativeTo folder: URL) {
    func resolve(_ path: String) -> URL {
      URL(filePath: path, directoryHint: .isDirectory, relativeTo: folder).absoluteURL
    }
    pictures = section.optionalString("pictures", example: "../corpora").map(resolve)
    drawnShare =
      pictures == nil ? 1 : section.number("drawings", in: 0...1, default: 0.6)
    if pictures == nil, section.has("drawings"), section.number("drawings", in: 0...1) != 1 {
      section.fault(
        at: "drawings", "without data.pictures all pairs are drawings; remove drawings")
    }
    photographs = section.integer("photographs", in: 0...56_000, default: 2000)
    photographFolder = section.optionalString(
      "fashion_mnist", example: "data/fashion-mnist"
    ).map(resolve)
  }
}
