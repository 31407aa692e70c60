import CLIP

/// The pictures of one step and their distinct captions.
struct PretrainingBatch: Sendable {
  /// Preprocessed pixels, picture after picture.
  let pixels: [Float]
  let pictures: Int
  /// The tokens of the captions in alphabetical order, so that neighbours share the rows of common
  /// prefixes.
  let texts: [[Int32]]
  /// The index of each picture's caption.
  let targets: [Int32]

  /// The batch of pictures that follows those of the previous steps.
  ///
  /// - Parameter tokens: tokenizes a caption.
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
