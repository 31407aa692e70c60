import Foundation
import TestSupport
import Testing

@testable import CLIP

/// Reading and writing safetensors, and number types.
struct SafetensorsTests {
  private let folder: TemporaryFolder
  private var url: URL { folder.url.appending(path: "model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `written tensors are read back bit for bit`() throws {
    let numbers: [Float] = [
      0, -0.0, 1.5, -.pi, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ]
    try SafetensorsWriter.write(
      [
        ("b.weight", [7, 1], numbers[...]), ("scale", [], numbers[2..<3]), ("none", [0, 4], []),
        ("a", [2], numbers[5...]),
      ], to: url)
    let file = try SafetensorsFile(url)
    let shapes = ["b.weight": [7, 1], "scale": [], "none": [0, 4], "a": [2]]
    #expect(file.tensors.mapValues(\.shape) == shapes)
    #expect(try file.floats("b.weight").map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(try file.floats("scale") == [1.5])
    #expect(try file.floats("none") == [])
    #expect(try file.floats("a") == [.leastNonzeroMagnitude, .greatestFiniteMagnitude])
  }

  @Test func `a file that cannot be replaced is kept, without leftovers`() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    #expect(throws: (any Error).self) { try SafetensorsWriter.write([("a", [1], [1])], to: url) }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["model.safetensors"])
    let nowhere = folder.url.appending(path: "none/model.safetensors")
    #expect {
      try SafetensorsWriter.write([("a", [1], [1])], to: nowhere)
    } throws: { ($0 as NSError).code == Int(ENOENT) }
  }

  @Test(arguments: ["", "a", "ab", "abcdefg"])
  func `a written header ends at an address suitable for mapping`(name: String) throws {
    try SafetensorsWriter.write([(name, [1], [1])], to: url)
    let length = try Data(contentsOf: url).prefix(8).enumerated().reduce(0) {
      $0 | Int($1.element) << (8 * $1.offset)
    }
    #expect(length % 8 == 0)
    #expect(try SafetensorsFile(url).floats(name) == [1])
  }

  @Test func `half precision has its known values`() throws {
    let known: [(bits: UInt16, value: Float)] = [
      (0x0000, 0), (0x3c00, 1), (0xc000, -2), (0x3555, 0.333251953125), (0x7bff, 65504),
      (0x0400, 0x1p-14), (0x0001, 0x1p-24), (0x03ff, 0x3ffp-24), (0x8001, -0x1p-24),
      (0x7c00, .infinity), (0xfc00, -.infinity),
    ]
    try safetensors("x", "F16", known.map(\.bits) + [0x8000, 0x7e00, 0xfc01]).write(to: url)
    let read = try SafetensorsFile(url).floats("x")
    #expect(read.prefix(known.count) == known.map(\.value)[...])
    #expect(read[known.count].bitPattern == 0x8000_0000)
    #expect(read[known.count + 1].isNaN && read[known.count + 2].isNaN)
  }

  @Test func `bfloat16 has its known values`() throws {
    let known: [(bits: UInt16, value: Float)] = [
      (0x0000, 0), (0x3f80, 1), (0xc000, -2), (0x3eab, 0.333984375), (0x7f7f, 0x1.fep127),
      (0x0080, 0x1p-126), (0x0001, 0x1p-133), (0x7f80, .infinity), (0xff80, -.infinity),
    ]
    try safetensors("x", "BF16", known.map(\.bits) + [0x8000, 0x7fc0]).write(to: url)
    let read = try SafetensorsFile(url).floats("x")
    #expect(read.prefix(known.count) == known.map(\.value)[...])
    #expect(read[known.count].bitPattern == 0x8000_0000)
    #expect(read[known.count + 1].isNaN)
  }

  @Test func `integers are read as numbers, and metadata and unknown types are ignored`()
    throws
  {
    let header = """
      {"__metadata__":{"format":"pt"},
       "i":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},
       "l":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},
       "u":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[16,17]}}
      """
    let data: [UInt8] =
      [7, 0, 0, 0, 0xff, 0xff, 0xff, 0xff] + [0, 0, 0, 0, 1, 0, 0, 0] + [1]
    try safetensors(header: header, data: data).write(to: url)
    let file = try SafetensorsFile(url)
    #expect(try file.floats("i") == [7, -1])
    #expect(try file.floats("l") == [0x1p32])
    #expect(file.tensors.keys.sorted() == ["i", "l"])
  }
}
