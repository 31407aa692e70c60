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
    ([], "does not begin like an IDX file; name an IDX file instead."),
    ([0, 0, 8], "does not begin like an IDX file; name an IDX file instead."),
    ([0, 1, 8, 1, 0, 0, 0, 0], "does not begin like an IDX file; name an IDX file instead."),
    (
      [0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0],
      "holds IDX values of type 13, and only unsigned bytes (8) are read; convert it."
    ),
    (
      [0, 0, 8, 0],
      "is an IDX file of 0 dimensions, and only one to three are read; convert it."
    ),
    (
      idx([1, 1, 1, 1], [0]),
      "is an IDX file of 4 dimensions, and only one to three are read; convert it."
    ),
    (
      [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0],
      "ends inside its header of 12 bytes; get it again from its source."
    ),
    (
      idx([2, 0], []),
      "announces impossible dimensions, 2 x 0; get it again from its source."
    ),
    (
      idx([.max, .max, .max], [1]),
      "announces impossible dimensions, 4294967295 x 4294967295 x 4294967295; "
        + "get it again from its source."
    ),
    (
      idx([2, 2], [1, 2, 3]),
      "announces 2 x 2 values but holds 3; get it again from its source."
    ),
    (
      idx([2, 2], [1, 2, 3, 4, 5]),
      "announces 2 x 2 values but holds 5; get it again from its source."
    ),
  ]

  @Test(arguments: faults)
  func `what is not exactly one array of bytes is refused`(bytes: [UInt8], fault: String) {
    #expect(throws: DatasetError("/data/some-idx \(fault)")) { try IDXFile(bytes, from: file) }
  }
}
