import CLIP

/// The pictures of one step, and the distinct captions that they share.
struct PretrainingBatch: Sendable {
  /// Preprocessed pixels, one picture after the other.
  let pixels: [Float]
  let pictures: Int
  /// The tokens of the captions in alphabetical order, so that neighbours begin alike and share the
  /// rows of their beginning.
  let texts: [[Int32]]
  /// The caption of each picture.
  let targets: [Int32]

  /// The pictures that follow those of the steps before.
  ///
  /// - Parameter tokens: those of a caption.
  init(
    step: Int, size: Int, _ supply: PairSupply, _ preprocessor: ImagePreprocessor,
    tokens: (String) -> [Int32]
  ) {
    let pairs = ((step * size)..<((step + 1) * size)).map(supply.pair)
    let captions = Set(pairs.map(\.caption)).sorted()
    let columns = Dictionary(uniqueKeysWithValues: zip(captions, Int32(0)...))
    pixels = pairs.flatMap {
      preprocessor.process($0.pixels, height: $0.size, width: $0.size, channels: 3)
    }
    pictures = pairs.count
    texts = captions.map(tokens)
    targets = pairs.map { columns[$0.caption]! }
  }
}
