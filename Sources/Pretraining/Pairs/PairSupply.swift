import Drawings
import Foundation
import Randomness

/// An infinite source of captioned pictures: drawings, mixed with the pictures of a corpus if there
/// is one.
///
/// Each pair is a pure function of (seed, index), so it can be generated at any time and on any
/// thread.
package struct PairSupply: Sendable {
  private let seed: UInt64
  private let drawings: DrawnPairSource
  /// The share of drawings among the pairs.
  private let drawnShare: Double
  private let pictures: [CaptionedPicture]

  /// - Parameter pictures: the pictures of a corpus; empty to use only drawings.
  init(seed: UInt64, imageSize: Int, drawnShare: Double, pictures: [CaptionedPicture]) {
    precondition(drawnShare == 1 || !pictures.isEmpty, "pictures for what is not drawn")
    self.seed = seed
    self.drawnShare = drawnShare
    self.pictures = pictures
    drawings = DrawnPairSource(seed: seed, imageSize: imageSize)
  }

  /// Uses only the train pictures of a corpus.
  ///
  /// - Parameter corpus: the folder of its pictures, with their `manifest.csv`.
  /// - Throws: `PictureCorpusError` or `CutOutPictureError` if it cannot be read.
  package init(seed: UInt64, imageSize: Int, corpus: URL) throws {
    self.init(
      seed: seed, imageSize: imageSize, drawnShare: 0,
      pictures: try PictureCorpus(directory: corpus).train)
  }

  package func pair(_ index: Int) -> TrainingPair {
    var random = RandomStream(seed: seed, purpose: "pretraining pair", index)
    if drawnShare == 1 || random.uniform() < drawnShare {
      let pair = drawings.pair(index)
      return TrainingPair(pixels: pair.pixels, size: pair.size, caption: pair.caption)
    }
    let chosen = pictures[random.integer(below: pictures.count)]
    let (pixels, isGrey) = chosen.picture.staged(
      imageSize: drawings.imageSize, using: &random)
    return TrainingPair(
      pixels: pixels, size: drawings.imageSize,
      caption: PictureCaption.random(chosen, isGrey: isGrey, using: &random))
  }

  /// Captions for training a vocabulary: those of the first `count` drawings, and every phrase of
  /// the corpus once.
  func captions(drawn count: Int) -> [String] {
    (0..<count).map { drawings.pair($0).caption }
      + pictures.flatMap {
        [CaptionTemplate.plain.sentence(about: $0.title, isPlural: true)] + $0.keywords
          + $0.categories
      }
  }
}
