import Foundation

/// Labelled images of equal size, with all parts of a data set concatenated.
///
/// A subset is an array of sample indices, so that the pixels are stored once and shared.
public struct ImageDataset: Sendable {
  /// The name in scenarios, such as `fashion-mnist`.
  public let name: String

  /// The class names in label order.
  public let classNames: [String]

  /// The number of rows of an image.
  public let height: Int

  /// The number of columns of an image.
  public let width: Int

  /// The number of channels: 1 for grey, 3 for RGB.
  public let channels: Int

  /// Brightness from 0 to 255, [count, height, width, channels] in row-major order.
  public let pixels: [UInt8]

  /// The class of each sample, an index into `classNames`: [count].
  public let labels: [Int32]

  /// The number of samples of each part, in order: train, then test.
  public let partCounts: [Int]

  /// The files that were read, in order.
  public let sourceFiles: [URL]

  /// A sentence about the files that were not read; nil if all were.
  public let remark: String?

  /// The owners of the samples; nil if the data set does not name any.
  public let owners: Owners?

  /// The clients that naturally own the samples, such as writers or domains.
  public struct Owners: Sendable, Equatable {
    /// Sorted by the bytes of the names.
    public let names: [String]

    /// The owner of each sample, an index into `names`: [count].
    public let ofSamples: [Int32]
  }

  /// The shapes must match, the parts must add up to the count, and the labels must be valid;
  /// readers check this first.
  package init(
    name: String, classNames: [String], height: Int, width: Int, channels: Int, pixels: [UInt8],
    labels: [Int32], partCounts: [Int], sourceFiles: [URL], remark: String? = nil,
    owners: Owners? = nil
  ) {
    precondition(pixels.count == labels.count * height * width * channels, "a pixel for each place")
    precondition(partCounts.reduce(0, +) == labels.count, "the parts make up the whole")
    precondition(labels.allSatisfy { classNames.indices.contains(Int($0)) }, "a class a label")
    precondition(owners.map { $0.ofSamples.count == labels.count } ?? true, "an owner a sample")
    self.name = name
    self.classNames = classNames
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
    self.labels = labels
    self.partCounts = partCounts
    self.sourceFiles = sourceFiles
    self.remark = remark
    self.owners = owners
  }

  /// The number of samples.
  public var count: Int { labels.count }

  /// The pixels of one sample, [height, width, channels] in row-major order, without a copy.
  public func image(_ index: Int) -> ArraySlice<UInt8> {
    let size = height * width * channels
    return pixels[(index * size)..<((index + 1) * size)]
  }

  /// The number of samples per label: [classNames.count].
  public func classCounts(of indices: some Sequence<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: classNames.count)
    for index in indices { counts[Int(labels[index])] += 1 }
    return counts
  }
}
