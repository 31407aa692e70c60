import Configuration
import Foundation

/// The captioned pictures for training a base, and the photographs for monitoring it.
public struct PretrainingData: Sendable {
  /// The share of drawings among the pairs; 1 without a corpus.
  public var drawnShare: Double
  /// The folder of the corpora's pictures, with their `manifest.csv`; nil to train only on
  /// drawings.
  public var pictures: URL?
  /// The number of Fashion-MNIST photographs on which zero-shot accuracy is logged; none is used
  /// for training.
  public var photographs: Int
  /// The folder of Fashion-MNIST's files; nil for that of its Debian package.
  public var photographFolder: URL?

  /// - Parameter folder: the folder to which relative paths refer.
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
