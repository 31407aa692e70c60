import Foundation
import Testing

@testable import CLIP

struct ImagePreprocessorTests {
  /// An image and the reference's result.
  struct Case: Decodable {
    let height: Int
    let width: Int
    let channels: Int
    let configuration: ImagePreprocessor
    let pixels: Data
    let expected: Data

    var expectedValues: [Float] {
      expected.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: 4).map {
          let bits = bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
          return Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
    }
  }

  static let cases: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/images/expected.json").standardizedFileURL
    return try! JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }()

  @Test(arguments: cases.indices)
  func `an image is preprocessed like the reference`(index: Int) {
    let item = Self.cases[index]
    let values = item.configuration.process(
      [UInt8](item.pixels), height: item.height, width: item.width, channels: item.channels)
    let expected = item.expectedValues
    #expect(values.count == expected.count)
    #expect(values == expected)
  }

  @Test(arguments: cases.indices)
  func `resizing an image beforehand gives the same result`(index: Int) {
    let item = Self.cases[index]
    let resized = item.configuration.resized(
      [UInt8](item.pixels), height: item.height, width: item.width, channels: item.channels)
    let size = item.configuration.size
    let values = item.configuration.forResizedImages.process(
      resized, height: size, width: size, channels: item.channels)
    #expect(values == item.expectedValues)
  }

  @Test func `an image of the right size is not resampled`() {
    let preprocessor = ImagePreprocessor(
      size: 4, mean: [0, 0, 0], standardDeviation: [1, 1, 1], rescaleFactor: 1)
    let pixels = (0..<48).map { UInt8($0 * 5) }
    let planes = preprocessor.process(pixels, height: 4, width: 4, channels: 3)
    for channel in 0..<3 {
      let plane = planes[channel * 16..<(channel + 1) * 16]
      #expect(plane.elementsEqual((0..<16).map { Float(pixels[$0 * 3 + channel]) }))
    }
  }

  @Test func `a larger image of the right height is only cropped`() {
    let preprocessor = ImagePreprocessor(
      size: 2, mean: [0, 0, 0], standardDeviation: [1, 1, 1], rescaleFactor: 1)
    let planes = preprocessor.process(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], height: 2, width: 5, channels: 1)
    #expect(planes == [2, 3, 7, 8, 2, 3, 7, 8, 2, 3, 7, 8])
  }

  @Test(arguments: [(9, 12, 1), (12, 9, 3), (8, 8, 3)])
  func `a batch gives the same results as its images individually`(
    height: Int, width: Int, channels: Int
  ) {
    let preprocessor = ImagePreprocessor(size: 8)
    let count = height * width * channels
    let images = [0, 91, 182].map { shift -> [UInt8] in
      (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + shift) }
    }
    let batch = preprocessor.process(
      images.flatMap { $0 }, count: 3, height: height, width: width, channels: channels)
    let alone = images.flatMap {
      preprocessor.process($0, height: height, width: width, channels: channels)
    }
    #expect(batch == alone)
  }

  @Test func `a uniform image stays uniform`() {
    let preprocessor = ImagePreprocessor(
      size: 11, mean: [0, 0, 0], standardDeviation: [1, 1, 1], rescaleFactor: 1)
    let planes = preprocessor.process(
      [UInt8](repeating: 255, count: 23 * 31), height: 23, width: 31, channels: 1)
    #expect(planes.allSatisfy { $0 == 255 })
  }

  @Test func `images of many sizes are resized as individually`() {
    let preprocessor = ImagePreprocessor(size: 16)
    var resizer = ImageResizer(preprocessor)
    // More sizes than are cached, each twice; one is the model's own.
    let sizes = (0..<90).map { (height: 16 + $0 % 9 * 3, width: 16 + $0 * 2) }
    for (height, width) in sizes + sizes.reversed() {
      let pixels = (0..<height * width * 3).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 7) }
      let alone = preprocessor.resized(pixels, height: height, width: width, channels: 3)
      #expect(resizer.resized(pixels, height: height, width: width, channels: 3) == alone)
    }
  }
}
