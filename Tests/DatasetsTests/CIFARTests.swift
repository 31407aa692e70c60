import Foundation
import TestSupport
import Testing

@testable import Datasets

struct CIFARTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `the batches of CIFAR-10 are merged in their order`() throws {
    try writeTen()
    let dataset = try CIFAR.ten.load(directory: folder.url)
    #expect(dataset.name == "cifar-10")
    #expect((dataset.height, dataset.width, dataset.channels) == (32, 32, 3))
    #expect(dataset.labels == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 9])
    #expect(dataset.partCounts == [10, 1])
    #expect(dataset.classNames == (0..<10).map { "class \($0)" })
    #expect(
      dataset.sourceFiles.map(\.lastPathComponent) == [
        "batches.meta.txt", "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
        "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin",
      ])
  }

  @Test func `the colour planes of a picture are interleaved`() throws {
    try writeTen()
    let image = Array(try CIFAR.ten.load(directory: folder.url).image(10))
    for place in [0, 1, 31, 32, 500, 1023] {
      #expect(Array(image[place * 3..<place * 3 + 3]) == (0..<3).map { Self.value(place, $0, 9) })
    }
  }

  @Test func `CIFAR-100 is labelled by its fine classes`() throws {
    try writeHundred()
    let dataset = try CIFAR.hundred.load(directory: folder.url)
    #expect(dataset.labels == [0, 99, 42])
    #expect(dataset.partCounts == [2, 1])
    #expect(dataset.classNames[42] == "fine class 42")
    #expect(Array(dataset.image(1).prefix(3)) == (0..<3).map { Self.value(0, $0, 99) })
  }

  @Test func `a missing file is named`() throws {
    try writeTen()
    try FileManager.default.removeItem(at: file("data_batch_3.bin"))
    expectError(
      .ten,
      "CIFAR-10 was not found in \(folder.url.path): data_batch_3.bin is missing; download the binary "
        + "version from https://www.cs.toronto.edu/~kriz/cifar.html, and name the folder of its "
        + "files with `data.path`.")
  }

  @Test(arguments: [0, 1, 3072, 6145]) func `a truncated file is rejected`(count: Int) throws {
    try writeTen()
    try folder.write([UInt8](repeating: 0, count: count), to: "test_batch.bin")
    expectError(
      .ten,
      "\(file("test_batch.bin").path) has \(count) bytes, which is not a multiple of "
        + "CIFAR-10's record size of 3073 bytes; download its binary version again from its source."
    )
  }

  @Test func `a label without a class is rejected`() throws {
    try writeHundred()
    try folder.write(record([0, 5], 1) + record([0, 100], 1), to: "test.bin")
    expectError(
      .hundred,
      "\(file("test.bin").path) gives sample 1 the label 100, but labels run from 0 to 99; "
        + "download it again from its source.")
  }

  @Test func `a wrong number of class names is rejected`() throws {
    try writeTen()
    try folder.write(Array("cat\ndog\n".utf8), to: "batches.meta.txt")
    expectError(
      .ten,
      "\(file("batches.meta.txt").path) names 2 classes, but CIFAR-10 has 10; "
        + "download it again from its source.")
  }

  private func expectError(
    _ set: CIFAR, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: DatasetError(sentence), sourceLocation: sourceLocation) {
      try set.load(directory: folder.url)
    }
  }

  private func file(_ name: String) -> URL { folder.url.appendingPathComponent(name) }

  /// Two pictures of class n in batch n, and one of class 9 in the test batch.
  private func writeTen() throws {
    for batch in UInt8(1)...5 {
      try folder.write(
        record([batch], batch) + record([batch], 0), to: "data_batch_\(batch).bin")
    }
    try folder.write(record([9], 9), to: "test_batch.bin")
    let names = (0..<10).map { "class_\($0)\n" }.joined() + "\n"
    try folder.write(Array(names.utf8), to: "batches.meta.txt")
  }

  private func writeHundred() throws {
    try folder.write(record([7, 0], 0) + record([3, 99], 99), to: "train.bin")
    try folder.write(record([200, 42], 42), to: "test.bin")
    let names = (0..<100).map { "fine_class_\($0)\n" }.joined()
    try folder.write(Array(names.utf8), to: "fine_label_names.txt")
  }

  private func record(_ labels: [UInt8], _ shift: UInt8) -> [UInt8] {
    labels + (0..<3).flatMap { plane in (0..<1024).map { Self.value($0, plane, shift) } }
  }

  private static func value(_ place: Int, _ plane: Int, _ shift: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: place * 7 + plane * 91) &+ shift
  }
}
