import Foundation
import TestSupport
import Testing

@testable import CLIP

/// Error messages for unusable safetensors files.
struct SafetensorsFaultTests {
  @Test func `a file that is missing, empty, too short or a folder is named`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "model.safetensors")
    #expect(sentence(file) == "cannot be opened: No such file or directory")
    try Data().write(to: file)
    #expect(sentence(file) == "is empty")
    try Data([1, 0, 0]).write(to: file)
    #expect(sentence(file) == "is too short for a safetensors file")
    #expect(sentence(folder.url) == "is not a regular file")
  }

  @Test(arguments: [UInt64(100), .max, UInt64(Int.max), 3])
  func `a header longer than the file is reported as a truncated file`(length: UInt64) throws {
    #expect(
      try sentence(of: safetensors(header: "{}", claiming: length))
        == "is a truncated safetensors file: its header has \(length) bytes, but only 2 follow; "
        + "copy or download it again")
  }

  @Test(arguments: [
    "", "{", "[1]", "not json", #"{"x":1}"#, "\u{0}\u{1}", #"{"x":{"shape":"no"}}"#,
  ])
  func `a header that is not a JSON object of tensors is corrupted`(header: String) throws {
    #expect(
      try sentence(of: safetensors(header: header))
        == "has a corrupted safetensors header: it is not a JSON object of tensors")
  }

  @Test(arguments: [
    #"{"dtype":"F32","shape":[1]}"#, #"{"dtype":"F32","data_offsets":[0,4]}"#,
    #"{"shape":[1],"data_offsets":[0,4]}"#,
  ])
  func `an incomplete entry names its tensor`(entry: String) throws {
    #expect(
      try sentence(of: safetensors(header: #"{"a.weight":\#(entry)}"#, data: [0, 0, 0, 0]))
        == "has a corrupted safetensors header: a.weight has no dtype, shape or data_offsets")
  }

  @Test(arguments: [[0, 12], [4, 12], [-4, 4], [8, 0], [0, .max], [0], [0, 4, 8], []])
  func `bytes outside the file name their tensor`(offsets: [Int]) throws {
    #expect(
      try sentence(of: tensor(shape: "[2]", offsets: offsets))
        == "is a truncated safetensors file: a.weight has the bytes \(offsets) of 8")
  }

  @Test func `bytes that do not fit the shape name their tensor`() throws {
    #expect(
      try sentence(of: tensor(shape: "[3]", offsets: [0, 8]))
        == "has a corrupted safetensors header: a.weight [3] F32 needs 12 bytes, but has 8")
  }

  @Test(arguments: ["[4611686018427387904, 4]", "[-2]", "[-1, -2]", "[9223372036854775807]"])
  func `a shape whose size overflows or is negative names its tensor`(shape: String) throws {
    #expect(
      try sentence(of: tensor(shape: shape, offsets: [0, 8]))
        == "has a corrupted safetensors header: the shape of a.weight, \(shape)")
  }

  @Test func `every truncated file is rejected`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "model.safetensors")
    try SafetensorsWriter.write([("a", [2, 3], [1, 2, 3, 4, 5, 6])], to: file)
    let whole = try Data(contentsOf: file)
    for length in whole.indices {
      try whole.prefix(length).write(to: file)
      #expect(sentence(file) != "", "cut to \(length) bytes")
    }
  }

  private func tensor(shape: String, offsets: [Int]) -> Data {
    safetensors(
      header: #"{"a.weight":{"dtype":"F32","shape":\#(shape),"data_offsets":\#(offsets)}}"#,
      data: .init(repeating: 0, count: 8))
  }

  private func sentence(of bytes: Data) throws -> String {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "model.safetensors")
    try bytes.write(to: file)
    return sentence(file)
  }

  /// The error message for the file, after its name.
  private func sentence(_ file: URL) -> String {
    let error = #expect(throws: ModelError.self) { try SafetensorsFile(file) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix(file.path + " "))
    return String(text.dropFirst(file.path.count + 1))
  }
}
