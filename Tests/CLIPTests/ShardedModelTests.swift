import Foundation
import TestSupport
import Testing

@testable import CLIP

/// A sharded model whose index and files disagree.
struct ShardedModelTests {
  private let folder: TemporaryFolder
  private let source = Fixtures.directory.appending(path: "clip/sharded")
  private let second = "model-00002-of-00002.safetensors"
  private let tensor = "visual_projection.weight"
  private var index: URL { folder.url.appending(path: "model.safetensors.index.json") }

  init() throws {
    folder = try TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
      try FileManager.default.copyItem(
        at: source.appending(path: name), to: folder.url.appending(path: name))
    }
  }

  @Test func `the weight files are the index and its shards`() throws {
    let model = try CLIPModel(directory: folder.url)
    #expect(
      model.weightFiles.map(\.lastPathComponent) == [
        "model.safetensors.index.json", "model-00001-of-00002.safetensors", second,
      ])
  }

  @Test func `a single file takes precedence over an index`() throws {
    let model = try CLIPModel(directory: folder.url)
    let layout = model.parameters.layout
    let vector = numbers(of: model).map { 2 * $0 }
    try SafetensorsWriter.write(
      layout.entries.map { ($0.name, $0.shape, vector[$0.range]) },
      to: folder.url.appending(path: "model.safetensors"))
    let whole = try CLIPModel(directory: folder.url)
    #expect(numbers(of: whole) == vector)
    #expect(whole.weightFiles.map(\.lastPathComponent) == ["model.safetensors"])
  }

  @Test func `without a file and an index, the file is reported as missing`() throws {
    try FileManager.default.removeItem(at: index)
    #expect(
      sentence()
        == "\(folder.url.appending(path: "model.safetensors").path) is missing; "
        + "a model folder contains it beside config.json")
  }

  @Test func `a missing shard is named with one of its tensors`() throws {
    try FileManager.default.removeItem(at: folder.url.appending(path: second))
    let first = try #require(map().filter { $0.value == second }.keys.min())
    #expect(
      sentence()
        == "\(index.path) places \(first) in \(second), but there is no such file in the same folder"
    )
  }

  @Test func `a tensor missing in the index is named`() throws {
    try change { $0[tensor] = nil }
    #expect(
      sentence()
        == "\(index.path) names no file for \(tensor), which config.json requires")
  }

  @Test func `a tensor missing in its shard is named with the shard`() throws {
    let first = "model-00001-of-00002.safetensors"
    try change { $0[tensor] = first }
    #expect(
      sentence()
        == "\(folder.url.appending(path: first).path) has no tensor \(tensor), "
        + "which model.safetensors.index.json places there")
  }

  @Test(arguments: [
    "../model.safetensors", "/etc/passwd", "..", ".", "", "deeper/model.safetensors",
  ])
  func `a path outside the model's folder is rejected`(place: String) throws {
    try change { $0[tensor] = place }
    #expect(
      sentence()
        == "\(index.path) places \(tensor) in \"\(place)\", which is not the name of a file in the same folder"
    )
  }

  @Test(arguments: [
    "", "{", "[]", "{}", #"{"weight_map": []}"#, #"{"weight_map": {"logit_scale": 1}}"#,
  ])
  func `an index that is not a map of files is rejected`(text: String) throws {
    try Data(text.utf8).write(to: index)
    #expect(
      sentence()
        == "\(index.path) is not a shard index: it has no weight_map from tensor names to file "
        + "names")
  }

  @Test(arguments: ["F64", "F8_E4M3"])
  func `a tensor of an unsupported type is named with its type`(type: String) throws {
    let file = folder.url.appending(path: "logits.safetensors")
    let size = type == "F64" ? 8 : 1
    let header =
      #"{"logit_scale":{"dtype":"\#(type)","shape":[],"data_offsets":[0,\#(size)]}}"#
    try safetensors(header: header, data: .init(repeating: 0, count: size)).write(to: file)
    let fault =
      "\(file.path) holds logit_scale as \(type); supported types are F32, F16, BF16, I32, I64"
    try change { $0["logit_scale"] = "logits.safetensors" }
    #expect(sentence() == fault)
    let error = #expect(throws: ModelError.self) {
      try SafetensorsFile(file).floats("logit_scale")
    }
    #expect(error?.description == fault)
  }

  private func map() throws -> [String: String] {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: index)) as? [String: Any]
    return json?["weight_map"] as? [String: String] ?? [:]
  }

  private func change(_ change: (inout [String: String]) -> Void) throws {
    var map = try map()
    change(&map)
    try JSONSerialization.data(withJSONObject: ["weight_map": map]).write(to: index)
  }

  private func sentence() -> String? {
    #expect(throws: ModelError.self) { try CLIPModel(directory: folder.url) }?.description
  }

  private func numbers(of model: CLIPModel) -> [Float] {
    zip(model.weights.values, model.parameters.layout.entries).flatMap { value, entry in
      UnsafeBufferPointer(start: value, count: entry.count)
    }
  }
}
