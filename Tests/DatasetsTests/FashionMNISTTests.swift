import Foundation
import TestSupport
import Testing

@testable import Datasets

/// The real data set: it must be installed (Debian: `dataset-fashion-mnist`).
///
/// The sums were computed from the four files with independent Python code.
struct InstalledFashionMNISTTests {
  static let installed = Result { try FashionMNIST.load() }

  @Test func `the installed data set has 70,000 images, 7,000 of each class`() throws {
    let dataset = try Self.installed.get()
    #expect(dataset.count == 70_000)
    #expect(dataset.partCounts == [60_000, 10_000])
    #expect((dataset.height, dataset.width, dataset.channels) == (28, 28, 1))
    #expect(dataset.classCounts(of: 0..<70_000) == Array(repeating: 7_000, count: 10))
    #expect(
      dataset.sourceFiles.map(\.lastPathComponent) == [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
      ])
  }

  @Test func `the pixels and labels of the installed data set are the published ones`() throws {
    let dataset = try Self.installed.get()
    #expect(sum(dataset.pixels[..<47_040_000]) == 3_431_114_169)
    #expect(sum(dataset.pixels[47_040_000...]) == 573_469_082)
    #expect(sum(dataset.image(0)) == 76_247)
    #expect(sum(dataset.image(59_999)) == 16_684)
    #expect(sum(dataset.image(60_000)) == 33_456)
    #expect(sum(dataset.image(69_999)) == 24_390)
    #expect(weightedSum(dataset.labels[..<60_000]) == 8_087_486_427)
    #expect(weightedSum(dataset.labels[60_000...]) == 225_777_341)
    #expect(dataset.labels[..<10] == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    #expect(dataset.classNames[9] == "Ankle boot")
  }

  @Test func `a fifth of the installed data set is the test set`() throws {
    let dataset = try Self.installed.get()
    let split = try DataSplit(dataset, seed: 0)
    #expect(split.testIndices.count == 14_000)
    #expect(split.trainIndices.count == 56_000)
    #expect(Set(split.testIndices).union(split.trainIndices).count == 70_000)
    let counts = dataset.classCounts(of: split.testIndices)
    #expect(counts.allSatisfy { abs($0 - 1_400) < 150 }, "over four standard deviations away")
    #expect(Set(counts).count > 1, "the draw is plain, not class by class")
  }

  private func sum(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { $0.reduce(0) { $0 &+ Int($1) } }
  }

  private func weightedSum(_ labels: ArraySlice<Int32>) -> Int {
    zip(1..., labels).reduce(0) { $0 + $1.0 * Int($1.1) }
  }
}

struct FashionMNISTFilesTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try writeImages("train", count: 3)
    try writeLabels("train", [1, 9, 0])
    try writeImages("t10k", count: 2)
    try writeLabels("t10k", [4, 4])
  }

  @Test func `the parts are merged, compressed or not`() throws {
    let compressed = try FashionMNIST.load(directory: folder.url)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
      let file = folder.url.appendingPathComponent(name)
      try folder.write(GzipFile.contents(of: file, limit: 10_000), to: String(name.dropLast(3)))
      try FileManager.default.removeItem(at: file)
    }
    let plain = try FashionMNIST.load(directory: folder.url)
    for dataset in [compressed, plain] {
      #expect(dataset.labels == [1, 9, 0, 4, 4])
      #expect(dataset.partCounts == [3, 2])
      #expect((0..<5).map { dataset.image($0).first } == [0, 1, 2, 0, 1])
      #expect(dataset.pixels.count == 5 * 784)
    }
    #expect(plain.sourceFiles.allSatisfy { $0.pathExtension == "" })
  }

  @Test func `a missing file is named, with the package that contains it`() throws {
    let name = "t10k-labels-idx1-ubyte.gz"
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent(name))
    expectError(
      "Fashion-MNIST was not found in \(folder.url.path): \(name) is missing; install it with "
        + "`apt-get install dataset-fashion-mnist`, or name the folder of its four files with "
        + "`data.path`.")
  }

  @Test func `more images than labels are rejected`() throws {
    try writeLabels("train", [1, 9])
    expectError(
      "\(path("train-images-idx3")) holds 3 images but \(path("train-labels-idx1")) holds 2 "
        + "labels; download both from the same source.")
  }

  @Test func `a label without a class is rejected`() throws {
    try writeLabels("t10k", [0, 10])
    expectError(
      "\(path("t10k-labels-idx1")) gives sample 1 the label 10, but labels run from 0 to 9; "
        + "download it again from its source.")
  }

  @Test func `images of a different size are rejected`() throws {
    let other = idx([1, 28, 27], [UInt8](repeating: 0, count: 756))
    try folder.write(folder.gzip(other), to: "train-images-idx3-ubyte.gz")
    expectError(
      "\(path("train-images-idx3")) has the shape 1 x 28 x 27, not that of 28 x 28 images; "
        + "give the path of Fashion-MNIST's files.")
  }

  @Test func `images in place of labels are rejected`() throws {
    let other = idx([1, 28, 28], [UInt8](repeating: 0, count: 784))
    try folder.write(folder.gzip(other), to: "train-labels-idx1-ubyte.gz")
    expectError(
      "\(path("train-labels-idx1")) has 3 dimensions, but labels have one; "
        + "give the path of Fashion-MNIST's files.")
  }

  @Test func `a truncated file is rejected`() throws {
    let file = folder.url.appendingPathComponent("train-images-idx3-ubyte.gz")
    let bytes = try [UInt8](Data(contentsOf: file))
    try folder.write(bytes.dropLast(5), to: file.lastPathComponent)
    expectError(
      "\(file.path) is truncated: it ends within its compressed data; download it again from its source."
    )
  }

  private func expectError(
    _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: DatasetError(sentence), sourceLocation: sourceLocation) {
      try FashionMNIST.load(directory: folder.url)
    }
  }

  private func path(_ stem: String) -> String {
    folder.url.appendingPathComponent("\(stem)-ubyte.gz").path
  }

  /// All pixels of an image are its index.
  private func writeImages(_ part: String, count: UInt8) throws {
    let pixels = (0..<count).flatMap { [UInt8](repeating: $0, count: 784) }
    let bytes = try folder.gzip(idx([UInt32(count), 28, 28], pixels))
    try folder.write(bytes, to: "\(part)-images-idx3-ubyte.gz")
  }

  private func writeLabels(_ part: String, _ labels: [UInt8]) throws {
    let bytes = try folder.gzip(idx([UInt32(labels.count)], labels))
    try folder.write(bytes, to: "\(part)-labels-idx1-ubyte.gz")
  }
}

/// Where the files are looked for.
struct FashionMNISTPlaceTests {
  @Test func `files next to the program take precedence, whatever links lead to it`() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    let program = root.appending(path: "lib/bin/flora")
    let link = root.appending(path: "bin/flora")
    for file in [program, link] {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    try Data().write(to: program)
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
    let debian = "/usr/share/datasets/fashion-mnist"
    #expect(FashionMNIST.defaultDirectory(of: link).path == debian)
    let beside = root.appending(path: "lib/datasets/fashion-mnist")
    try FileManager.default.createDirectory(at: beside, withIntermediateDirectories: true)
    for file in [program, link] {
      #expect(
        FashionMNIST.defaultDirectory(of: file).path == beside.resolvingSymlinksInPath().path)
    }
    #expect(FashionMNIST.defaultDirectory(of: nil).path == debian)
  }
}
