import CLIP
import Tensors

/// Held-out pictures of the corpora, preprocessed for a model.
struct HeldOutPictures: Sendable {
  /// Preprocessed pixels, picture after picture.
  let pixels: [Float]
  /// The tokens of the distinct captions.
  let captions: [[Int32]]
  /// The index of each picture's caption.
  let targets: [Int]

  /// Renders each picture in the centre of a white background, with the caption "a photo of" its
  /// title.
  ///
  /// - Parameter tokens: tokenizes a caption.
  init(
    _ pictures: [CaptionedPicture], _ preprocessor: ImagePreprocessor,
    tokens: (String) -> [Int32]
  ) {
    let sentences = pictures.map(PictureCaption.plain)
    let distinct = Set(sentences).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(distinct, 0...))
    let size = preprocessor.size
    pixels = pictures.flatMap {
      preprocessor.process(
        $0.picture.plain(imageSize: size), height: size, width: size, channels: 3)
    }
    captions = distinct.map(tokens)
    targets = sentences.map { places[$0]! }
  }

  /// The recall of the pictures by their captions.
  func recall(of model: CLIPModel, on pool: WorkerPool) -> RetrievalRecall {
    pool.submit { context in
      let t = model.features(
        of: TextBatch(captions, model.configuration), model.table, context)
      let pixels = context.matrix(
        targets.count, model.configuration.pixelCount, copying: self.pixels)
      let z = model.features(of: pixels, model.table, context)
      let cosines = context.matrix(captions.count, targets.count)
      context.multiply(
        t.rows.view, .asIs, z.rows.view, .transposed, into: cosines.view, alpha: 1)
      return RetrievalRecall(
        cosines: cosines.elements, captions: captions.count, targets: targets)
    }.wait()
  }
}
