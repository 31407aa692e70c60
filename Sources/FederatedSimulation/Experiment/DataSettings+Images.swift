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
  /// Pictures of an image folder are stored at the model's input size in 8 bits. Those of other
  /// sets have one small size and are resized on use.
  ///
  /// - Parameters:
  ///   - directory: the folder of the files; optional only for Fashion-MNIST.
  ///   - classNames: the class names of an image folder; nil for its folders' names.
  ///   - byClient: whether an image folder's pictures are grouped by client.
  ///   - workers: the number of threads that decode an image folder's pictures.
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
      preconditionFailure("a scenario without the path of its data set is rejected")
    }
    return ImageSource(images, preprocessor, base.model.configuration)
  }
}
