import Foundation
import Testing

@testable import Datasets

struct IDXFileTests {
  let file = URL(fileURLWithPath: "/data/some-idx")

  @Test(arguments: [[6], [2, 3], [3, 1, 2]] as [[UInt32]])
  func `the dimensions and the values are read`(dimensions: [UInt32]) throws {
    let array = try IDXFile(idx(dimensions, [1, 2, 3, 4, 5, 255]), from: file)
    #expect(array.dimensions == dimensions.map(Int.init))
    #expect(array.values == [1, 2, 3, 4, 5, 255])
  }

  static let faults: [([UInt8], String)] = [
    ([], "is not an IDX file; give the path of one."),
    ([0, 0, 8], "is not an IDX file; give the path of one."),
    ([0, 1, 8, 1, 0, 0, 0, 0], "is not an IDX file; give the path of one."),
    (
      [0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0],
      "holds IDX values of type 13; only unsigned bytes (8) are supported; convert it."
    ),
    (
      [0, 0, 8, 0],
      "is an IDX file of 0 dimensions; only one to three are supported; convert it."
    ),
    (
      idx([1, 1, 1, 1], [0]),
      "is an IDX file of 4 dimensions; only one to three are supported; convert it."
    ),
    (
      [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0],
      "is truncated: it ends within its header of 12 bytes; download it again from its source."
    ),
    (
      idx([2, 0], []),
      "declares invalid dimensions, 2 x 0; download it again from its source."
    ),
    (
      idx([.max, .max, .max], [1]),
      "declares invalid dimensions, 4294967295 x 4294967295 x 4294967295; "
        + "download it again from its source."
    ),
    (
      idx([2, 2], [1, 2, 3]),
      "declares 2 x 2 values but holds 3; download it again from its source."
    ),
    (
      idx([2, 2], [1, 2, 3, 4, 5]),
      "declares 2 x 2 values but holds 5; download it again from its source."
    ),
  ]

  @Test(arguments: faults)
  func `anything but exactly one array of bytes is rejected`(bytes: [UInt8], fault: String) {
    #expect(throws: DatasetError("/data/some-idx \(fault)")) { try IDXFile(bytes, from: file) }
  }
}
