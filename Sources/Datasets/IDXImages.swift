import Foundation

/// Grey images and their labels in IDX files, such as EMNIST's: any number of pairs, concatenated
/// in order.
public enum IDXImages {
  /// Reads pairs of files, plain or compressed with gzip.
  ///
  /// - Parameters:
  ///   - images: files of images [count, height, width], all of one size.
  ///   - labels: a file of labels [count] for each of them.
  ///   - classNames: the names of the labels, in order; nil for the labels themselves as text.
  ///   - firstLabel: the label of the first class.
  ///   - isTransposed: whether images are stored column by column.
  /// - Throws: `DatasetError` if a file is missing or invalid, the counts of a pair differ, image
  ///   sizes differ, or a label has no class.
  public static func load(
    images: [URL], labels: [URL], classNames: [String]? = nil, firstLabel: Int = 0,
    isTransposed: Bool = false
  ) throws(DatasetError) -> ImageDataset {
    precondition(images.count == labels.count && !images.isEmpty, "labels for each of the images")
    var size: (height: Int, width: Int)?
    var pixels: [UInt8] = []
    var allLabels: [Int32] = []
    var partCounts: [Int] = []
    for (imageFile, labelFile) in zip(images, labels) {
      let images = try IDXFile(contentsOf: imageFile, limit: limit)
      guard images.dimensions.count == 3 else {
        throw DatasetError(
          "\(imageFile.path) has \(images.dimensions.count) dimensions, but images have three: number, height and width; name a file of images."
        )
      }
      let own = (height: images.dimensions[1], width: images.dimensions[2])
      if let size, size != own {
        throw DatasetError(
          "\(imageFile.path) has images of \(own.height) x \(own.width), but the preceding files have \(size.height) x \(size.width); name files of one data set."
        )
      }
      size = own
      let labels = try self.labels(labelFile, firstLabel, classNames)
      guard labels.count == images.dimensions[0] else {
        throw DatasetError(
          "\(imageFile.path) holds \(images.dimensions[0]) images but \(labelFile.path) holds \(labels.count) labels; get both from the same source."
        )
      }
      if isTransposed {
        pixels += transposed(images.values, own.height, own.width)
      } else {
        pixels += images.values
      }
      allLabels += labels
      partCounts.append(labels.count)
    }
    let largest = allLabels.max() ?? 0
    let names = classNames ?? (0...largest).map { "\(Int($0) + firstLabel)" }
    // In transposed files, the width comes first.
    let (height, width) = isTransposed ? (size!.width, size!.height) : (size!.height, size!.width)
    return ImageDataset(
      name: "idx", classNames: names, height: height, width: width, channels: 1, pixels: pixels,
      labels: allLabels, partCounts: partCounts,
      sourceFiles: zip(images, labels).flatMap { [$0, $1] })
  }

  /// More than EMNIST's largest file needs, so that a malicious one cannot exhaust memory.
  private static let limit = 1 << 30

  private static func labels(
    _ file: URL, _ first: Int, _ classNames: [String]?
  ) throws(DatasetError) -> [Int32] {
    let labels = try IDXFile(contentsOf: file, limit: limit)
    guard labels.dimensions.count == 1 else {
      throw DatasetError(
        "\(file.path) has \(labels.dimensions.count) dimensions, but labels have one; name a file of labels."
      )
    }
    let last = classNames.map { first + $0.count - 1 } ?? 255
    guard let wrong = labels.values.firstIndex(where: { Int($0) < first || Int($0) > last }) else {
      return labels.values.map { Int32(Int($0) - first) }
    }
    throw DatasetError(
      "\(file.path) gives sample \(wrong - labels.values.startIndex) the label \(labels.values[wrong]), but labels run from \(first) to \(last); correct `data.first_label` or `data.class_names`."
    )
  }

  private static func transposed(
    _ values: ArraySlice<UInt8>, _ height: Int, _ width: Int
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(values.count)
    for start in stride(from: values.startIndex, to: values.endIndex, by: height * width) {
      for column in 0..<width {
        for row in 0..<height { result.append(values[start + row * width + column]) }
      }
    }
    return result
  }
}
