import Foundation

/// Fashion-MNIST: 70,000 grey images of clothes, 28 by 28 pixels, in ten classes of 7,000 each.
///
/// Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
/// Learning Algorithms", arXiv 1708.07747; MIT licence.
public enum FashionMNIST {
  /// The class names in label order, as in the prompts of the reference code.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
  ]

  /// The default folder of the files: `../datasets/fashion-mnist` relative to the program's folder,
  /// as in a wheel; if that does not exist, the folder of the Debian package
  /// `dataset-fashion-mnist`.
  public static var defaultDirectory: URL {
    defaultDirectory(of: Bundle.main.executableURL)
  }

  /// - Parameter program: the program's file, or a link to it.
  static func defaultDirectory(of program: URL?) -> URL {
    let folder = program?.resolvingSymlinksInPath().deletingLastPathComponent()
    let beside = folder?.deletingLastPathComponent()
      .appendingPathComponent("datasets/fashion-mnist", isDirectory: true)
    if let beside, FileManager.default.fileExists(atPath: beside.path) { return beside }
    return URL(fileURLWithPath: "/usr/share/datasets/fashion-mnist", isDirectory: true)
  }

  /// Reads the train and the test part and concatenates them in this order.
  ///
  /// - Parameter directory: contains `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
  ///   `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each with or without `.gz`; if both
  ///   exist, the compressed one is read, because it has a checksum.
  /// - Throws: `DatasetError` if a file is missing or invalid, the numbers of images and labels of
  ///   a part differ, an image is not 28 by 28, or a label is not below ten.
  public static func load(
    directory: URL = defaultDirectory
  ) throws(DatasetError) -> ImageDataset {
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    var partCounts: [Int] = []
    var sourceFiles: [URL] = []
    for part in ["train", "t10k"] {
      let imageFile = try file("\(part)-images-idx3-ubyte", in: directory)
      let labelFile = try file("\(part)-labels-idx1-ubyte", in: directory)
      let images = try self.images(imageFile)
      let partLabels = try self.labels(labelFile)
      let count = images.dimensions[0]
      guard count == partLabels.count else {
        throw DatasetError(
          "\(imageFile.path) holds \(count) images but \(labelFile.path) holds "
            + "\(partLabels.count) labels; download both from the same source.")
      }
      pixels.append(contentsOf: images.values)
      labels.append(contentsOf: partLabels)
      partCounts.append(count)
      sourceFiles += [imageFile, labelFile]
    }
    return ImageDataset(
      name: "fashion-mnist", classNames: classNames, height: side, width: side, channels: 1,
      pixels: pixels, labels: labels, partCounts: partCounts, sourceFiles: sourceFiles)
  }

  private static let side = 28

  /// Five times what the largest file needs, so that a malicious one cannot exhaust memory.
  private static let limit = 1 << 28

  private static func file(_ name: String, in directory: URL) throws(DatasetError) -> URL {
    let plain = directory.appendingPathComponent(name)
    let candidates = [plain.appendingPathExtension("gz"), plain]
    let found = candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    guard let found else {
      throw DatasetError(
        "Fashion-MNIST was not found in \(directory.path): \(name).gz is missing; install it with "
          + "`apt-get install dataset-fashion-mnist`, or name the folder of its four files with "
          + "`data.path`.")
    }
    return found
  }

  private static func images(_ file: URL) throws(DatasetError) -> IDXFile {
    let images = try IDXFile(contentsOf: file, limit: limit)
    guard images.dimensions.count == 3, images.dimensions.dropFirst() == [side, side] else {
      let shape = images.dimensions.map(String.init).joined(separator: " x ")
      throw DatasetError(
        "\(file.path) has the shape \(shape), not that of \(side) x \(side) images; "
          + "give the path of Fashion-MNIST's files.")
    }
    return images
  }

  private static func labels(_ file: URL) throws(DatasetError) -> [Int32] {
    let labels = try IDXFile(contentsOf: file, limit: limit)
    guard labels.dimensions.count == 1 else {
      throw DatasetError(
        "\(file.path) has \(labels.dimensions.count) dimensions, but labels have one; "
          + "give the path of Fashion-MNIST's files.")
    }
    if let wrong = labels.values.firstIndex(where: { $0 >= classNames.count }) {
      throw DatasetError(
        "\(file.path) gives sample \(wrong - labels.values.startIndex) the label "
          + "\(labels.values[wrong]), but labels run from 0 to \(classNames.count - 1); "
          + "download it again from its source.")
    }
    return labels.values.map(Int32.init)
  }
}
