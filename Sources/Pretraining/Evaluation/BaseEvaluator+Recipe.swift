import Adaptation
import CLIP
import Datasets

extension BaseEvaluator {
  /// The measurements of a recipe's base during training.
  ///
  /// - Throws: `DatasetError` if the photographs cannot be read.
  init(
    _ recipe: PretrainingRecipe, _ corpus: PictureCorpus?, _ tokenizer: CLIPTokenizer,
    _ preprocessor: ImagePreprocessor, _ configuration: CLIPConfiguration
  ) throws(DatasetError) {
    let tokens = { tokenizer.encode($0, contextLength: configuration.contextLength) }
    if recipe.data.photographs > 0 {
      let dataset = try FashionMNIST.load(
        directory: recipe.data.photographFolder ?? FashionMNIST.defaultDirectory)
      zeroShot = ZeroShotTest(
        images: ImageSource(dataset, preprocessor, configuration),
        samples: Array(
          try DataSplit(dataset, seed: 0).validationPart(seed: 0).prefix(recipe.data.photographs)),
        prompts: dataset.classNames.map { tokens("a photo of a \($0).") })
    } else {
      zeroShot = nil
    }
    pictures = corpus.flatMap {
      $0.heldOut.isEmpty ? nil : HeldOutPictures($0.heldOut, preprocessor, tokens: tokens)
    }
  }
}
