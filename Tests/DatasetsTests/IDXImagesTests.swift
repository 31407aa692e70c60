import Foundation
import Randomness
import TestSupport
import Testing

@testable import Datasets

struct IDXImagesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `pairs are merged, labels begin where they are said to, and name their classes`()
    throws
  {
    let data = try load(
      [
        (idx([2, 1, 2], [1, 2, 3, 4]), idx([2], [1, 3])), (idx([1, 1, 2], [5, 6]), idx([1], [2])),
      ],
      names: ["a", "b", "c"], first: 1)
    #expect(data.labels == [0, 2, 1] && data.partCounts == [2, 1])
    #expect(data.pixels == [1, 2, 3, 4, 5, 6])
    #expect((data.height, data.width, data.channels) == (1, 2, 1))
    #expect(data.classNames == ["a", "b", "c"])
    #expect(data.sourceFiles.map(\.lastPathComponent) == ["i0", "l0", "i1", "l1"])
  }

  @Test func `without names the classes are the labels`() throws {
    let data = try load([(idx([2, 1, 1], [1, 2]), idx([2], [1, 4]))], first: 1)
    #expect(data.classNames == ["1", "2", "3", "4"] && data.labels == [0, 3])
  }

  /// The image of two rows and three columns is stored by columns, as EMNIST's are.
  @Test func `transposed images are transposed back`() throws {
    let data = try load(
      [(idx([1, 3, 2], [1, 4, 2, 5, 3, 6]), idx([1], [0]))], isTransposed: true)
    #expect((data.height, data.width) == (2, 3))
    #expect(data.pixels == [1, 2, 3, 4, 5, 6])
  }

  @Test func `image and label files that do not match are rejected`() throws {
    expectError(
      "\(path("i0")) holds 2 images but \(path("l0")) holds 1 labels; get both from the same source.",
      [(idx([2, 1, 1], [1, 2]), idx([1], [0]))])
    expectError(
      "\(path("i0")) has 1 dimensions, but images have three: number, height and width; name a file of images.",
      [(idx([2], [1, 2]), idx([2], [0, 1]))])
    expectError(
      "\(path("l0")) has 3 dimensions, but labels have one; name a file of labels.",
      [(idx([1, 1, 1], [1]), idx([1, 1, 1], [0]))])
    expectError(
      "\(path("i1")) has images of 2 x 1, but the preceding files have 1 x 1; name files of one data set.",
      [(idx([1, 1, 1], [1]), idx([1], [0])), (idx([1, 2, 1], [1, 1]), idx([1], [0]))])
    expectError(
      "\(path("l0")) gives sample 1 the label 2, but labels run from 0 to 1; correct `data.first_label` or `data.class_names`.",
      [(idx([2, 1, 1], [1, 2]), idx([2], [1, 2]))], names: ["a", "b"])
    expectError(
      "\(path("l0")) gives sample 0 the label 0, but labels run from 1 to 255; correct `data.first_label` or `data.class_names`.",
      [(idx([1, 1, 1], [1]), idx([1], [0]))], first: 1)
  }

  @Test func `truncated files are rejected`() throws {
    let (images, labels) = (idx([2, 2, 1], [1, 2, 3, 4]), idx([2], [0, 1]))
    for length in 0..<images.count {
      #expect(throws: DatasetError.self) { try load([(Array(images[..<length]), labels)]) }
    }
    for length in 0..<labels.count {
      #expect(throws: DatasetError.self) { try load([(images, Array(labels[..<length]))]) }
    }
  }

  @Test func `files with changed bytes are read completely or rejected`() throws {
    let (images, labels) = (idx([2, 2, 1], [1, 2, 3, 4]), idx([2], [0, 1]))
    var random = RandomStream(seed: 1, purpose: "changed bytes")
    for _ in 0..<500 {
      var files = [images, labels]
      let file = random.integer(below: 2)
      files[file][random.integer(below: files[file].count)] = UInt8(random.integer(below: 256))
      do throws(DatasetError) {
        let data = try load([(files[0], files[1])])
        #expect(data.count == 2 && data.pixels.count == 4)
      } catch {
        #expect(error.description.contains(folder.url.path))
      }
    }
  }

  private func path(_ name: String) -> String { folder.url.appending(path: name).path }

  private func load(
    _ pairs: [(images: [UInt8], labels: [UInt8])], names: [String]? = nil, first: Int = 0,
    isTransposed: Bool = false
  ) throws(DatasetError) -> ImageDataset {
    for (index, pair) in pairs.enumerated() {
      do {
        try folder.write(pair.images, to: "i\(index)")
        try folder.write(pair.labels, to: "l\(index)")
      } catch { preconditionFailure("the temporary folder can be written") }
    }
    return try IDXImages.load(
      images: pairs.indices.map { folder.url.appending(path: "i\($0)") },
      labels: pairs.indices.map { folder.url.appending(path: "l\($0)") }, classNames: names,
      firstLabel: first, isTransposed: isTransposed)
  }

  private func expectError(
    _ sentence: String, _ pairs: [(images: [UInt8], labels: [UInt8])], names: [String]? = nil,
    first: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: DatasetError(sentence), sourceLocation: sourceLocation) {
      try load(pairs, names: names, first: first)
    }
  }
}
