import Foundation

/// Labelled images of one size, all parts of a data set in one.
///
/// A subset of it is an array of sample indices: the pixels are held once, whoever uses them.
public struct ImageDataset: Sendable {
  /// The name as a scenario writes it, such as `fashion-mnist`.
  public let name: String

  /// What each label means, in the order of the labels.
  public let classNames: [String]

  /// The rows of an image.
  public let height: Int

  /// The columns of an image.
  public let width: Int

  /// The numbers a pixel has: 1 for grey, 3 for red, green and blue.
  public let channels: Int

  /// Brightness from 0 to 255, [count, height, width, channels] in row-major order.
  public let pixels: [UInt8]

  /// The class of each sample, an index into `classNames`: [count].
  public let labels: [Int32]

  /// How many samples each merged part had, in the order of the merge: train, then test.
  public let partCounts: [Int]

  /// The files that were read, in the order in which they were read.
  public let sourceFiles: [URL]

  /// What of the data set was not read, as a sentence; nil where all was.
  public let remark: String?

  /// Whose samples these are; nil where the data set does not tell.
  public let owners: Owners?

  /// The clients that samples belong to by nature, such as writers or domains.
  public struct Owners: Sendable, Equatable {
    /// Ascending by the bytes of the names.
    public let names: [String]

    /// The owner of each sample, an index into `names`: [count].
    public let ofSamples: [Int32]
  }

  /// The shapes must agree, the parts add up to the count and the labels name classes; a reader checks
  /// its files for that before it calls this.
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

  /// How many of the samples have each label: [classNames.count].
  public func classCounts(of indices: some Sequence<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: classNames.count)
    for index in indices { counts[Int(labels[index])] += 1 }
    return counts
  }
}
