import Adaptation
import BaseModels
import CLIP
import Datasets
import Foundation
import Scenario

extension DataSettings {
  /// Reads the data set's files.
  ///
  /// - Parameters:
  ///   - workers: the number of threads that decode pictures.
  ///   - resolve: resolves a path of the scenario.
  func images(
    for base: BaseModel, workers: Int, _ resolve: (String) -> URL
  ) throws(DatasetError) -> ImageSource {
    if let idx {
      let images = try IDXImages.load(
        images: idx.images.map(resolve), labels: idx.labels.map(resolve), classNames: classNames,
        firstLabel: idx.firstLabel, isTransposed: idx.isTransposed)
      return ImageSource(images, base.preprocessor, base.model.configuration)
    }
    return try dataset.images(
      for: base, directory: path.map(resolve), classNames: classNames,
      byClient: partition == .natural, workers: workers)
  }
}

extension DataSettings.Dataset {
  /// Reads the files of a data set.
  ///
  /// The pictures of an image folder are held at the size that the model takes, in 8 bits; those of
  /// the other sets have one small size, and are resized when they are used.
  ///
  /// - Parameters:
  ///   - directory: the folder of the files, which Fashion-MNIST alone may be without.
  ///   - classNames: what to call the classes of an image folder; nil for its folders' names.
  ///   - byClient: whether the pictures of an image folder are told apart by client.
  ///   - workers: how many threads decode the pictures of an image folder.
  package func images(
    for base: BaseModel, directory: URL?, classNames: [String]? = nil, byClient: Bool = false,
    workers: Int
  ) throws(DatasetError) -> ImageSource {
    var preprocessor = base.preprocessor
    let images: ImageDataset
    switch (self, directory) {
    case (.fashionMNIST, let directory):
      images = try FashionMNIST.load(directory: directory ?? FashionMNIST.defaultDirectory)
    case (.cifar10, let directory?):
      images = try CIFAR.ten.load(directory: directory)
    case (.cifar100, let directory?):
      images = try CIFAR.hundred.load(directory: directory)
    case (.imageFolder, let directory?):
      preprocessor = base.preprocessor.forResizedImages
      images = try ImageFolder.load(
        directory: directory, classNames: classNames, byClient: byClient,
        size: base.preprocessor.size, workers: workers
      ) { [preprocessor = base.preprocessor] in
        var resizer = ImageResizer(preprocessor)
        return { resizer.resized($0.pixels, height: $0.height, width: $0.width, channels: 3) }
      }
    case (.cifar10, nil), (.cifar100, nil), (.imageFolder, nil), (.idx, _):
      preconditionFailure("a scenario without the path of its data set is refused")
    }
    return ImageSource(images, preprocessor, base.model.configuration)
  }
}
