import Foundation

/// CIFAR-10 and CIFAR-100: 60,000 colour images, 32 by 32 pixels, of ten or a hundred classes.
///
/// Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; read from the "binary
/// version" of https://www.cs.toronto.edu/~kriz/cifar.html.
public enum CIFAR: Sendable {
  case ten, hundred

  /// Reads the train and the test part and concatenates them in this order.
  ///
  /// - Parameter directory: contains for CIFAR-10 `data_batch_1.bin` to `data_batch_5.bin`,
  ///   `test_batch.bin` and `batches.meta.txt`, and for CIFAR-100 `train.bin`, `test.bin` and
  ///   `fine_label_names.txt`. Class names are taken from there, with spaces for underscores.
  /// - Throws: `DatasetError` if a file is missing or invalid: a partial record, a label out of
  ///   range, or a number of names that differs from the number of classes.
  public func load(directory: URL) throws(DatasetError) -> ImageDataset {
    let namesFile = try file(namesFileName, in: directory)
    let classNames = try classNames(namesFile)
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    var partCounts: [Int] = []
    var sourceFiles = [namesFile]
    for part in parts {
      let before = labels.count
      for name in part {
        let file = try file(name, in: directory)
        try read(file, &pixels, &labels)
        sourceFiles.append(file)
      }
      partCounts.append(labels.count - before)
    }
    return ImageDataset(
      name: name, classNames: classNames, height: Self.side, width: Self.side, channels: 3,
      pixels: pixels, labels: labels, partCounts: partCounts, sourceFiles: sourceFiles)
  }

  private static let side = 32

  /// More than the largest file needs, so that a malicious one cannot exhaust memory.
  private static let limit = 1 << 28

  private var name: String {
    switch self {
    case .ten: "cifar-10"
    case .hundred: "cifar-100"
    }
  }

  private var classCount: Int {
    switch self {
    case .ten: 10
    case .hundred: 100
    }
  }

  /// The bytes before the pixels of a record, the last of which is the label. The first byte of
  /// CIFAR-100 is the label of a coarser class.
  private var labelBytes: Int {
    switch self {
    case .ten: 1
    case .hundred: 2
    }
  }

  private var namesFileName: String {
    switch self {
    case .ten: "batches.meta.txt"
    case .hundred: "fine_label_names.txt"
    }
  }

  /// The files of the train and the test part.
  private var parts: [[String]] {
    switch self {
    case .ten: [(1...5).map { "data_batch_\($0).bin" }, ["test_batch.bin"]]
    case .hundred: [["train.bin"], ["test.bin"]]
    }
  }

  private var title: String { name.uppercased() }

  private func file(_ name: String, in directory: URL) throws(DatasetError) -> URL {
    let file = directory.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw DatasetError(
        "\(title) was not found in \(directory.path): \(name) is missing; download the binary version "
          + "from https://www.cs.toronto.edu/~kriz/cifar.html, and name the folder of its files "
          + "with `data.path`.")
    }
    return file
  }

  private func classNames(_ file: URL) throws(DatasetError) -> [String] {
    let text = String(
      decoding: try GzipFile.contents(of: file, limit: Self.limit), as: UTF8.self)
    let names = text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "_", with: " ") }
      .filter { !$0.isEmpty }
    guard names.count == classCount else {
      throw DatasetError(
        "\(file.path) names \(names.count) classes, but \(title) has \(classCount); "
          + "download it again from its source.")
    }
    return names
  }

  /// Appends the records of a file: the labels, then the red, green and blue planes.
  private func read(
    _ file: URL, _ pixels: inout [UInt8], _ labels: inout [Int32]
  ) throws(DatasetError) {
    let bytes = try GzipFile.contents(of: file, limit: Self.limit)
    let planeSize = Self.side * Self.side
    let recordSize = labelBytes + 3 * planeSize
    guard !bytes.isEmpty, bytes.count.isMultiple(of: recordSize) else {
      throw DatasetError(
        "\(file.path) has \(bytes.count) bytes, which is not a multiple of \(title)'s record size of "
          + "\(recordSize) bytes; download its binary version again from its source.")
    }
    pixels.reserveCapacity(pixels.count + bytes.count)
    for start in stride(from: 0, to: bytes.count, by: recordSize) {
      let label = bytes[start + labelBytes - 1]
      guard label < classCount else {
        throw DatasetError(
          "\(file.path) gives sample \(start / recordSize) the label \(label), but labels run from "
            + "0 to \(classCount - 1); download it again from its source.")
      }
      labels.append(Int32(label))
      let red = start + labelBytes
      for place in red..<red + planeSize {
        pixels.append(bytes[place])
        pixels.append(bytes[place + planeSize])
        pixels.append(bytes[place + 2 * planeSize])
      }
    }
  }
}
