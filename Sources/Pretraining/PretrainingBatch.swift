import CLIP
import Drawings

/// The pictures of one step, and the distinct captions that they share.
struct PretrainingBatch: Sendable {
  /// Preprocessed pixels, one picture after the other.
  let pixels: [Float]
  let captions: TextBatch
  /// The caption of each picture.
  let targets: [Int]

  /// The pictures that follow those of the steps before.
  init(
    step: Int, size: Int, _ source: DrawnPairSource, _ tokenizer: CLIPTokenizer,
    _ preprocessor: ImagePreprocessor, _ configuration: CLIPConfiguration
  ) {
    var pixels: [Float] = []
    pixels.reserveCapacity(size * configuration.pixelCount)
    var captions: [String] = []
    var columns: [String: Int] = [:]
    var targets: [Int] = []
    for index in (step * size)..<((step + 1) * size) {
      let pair = source.pair(index)
      pixels += preprocessor.process(
        pair.pixels, height: pair.size, width: pair.size, channels: 3)
      let column = columns[pair.caption] ?? captions.count
      if column == captions.count {
        columns[pair.caption] = column
        captions.append(pair.caption)
      }
      targets.append(column)
    }
    self.pixels = pixels
    self.captions = TextBatch(
      captions.map { tokenizer.encode($0, contextLength: configuration.contextLength) },
      configuration)
    self.targets = targets
  }
}
