import Foundation
import Tensors
import TestSupport
import Testing

@testable import CLIP

/// A model's directory: what is rejected and converted, and how long it must exist.
struct ModelFileTests {
  private let folder: TemporaryFolder
  private let source = Fixtures.directory.appending(path: "clip/tiny")
  private var weights: URL { folder.url.appending(path: "model.safetensors") }

  init() throws {
    folder = try TemporaryFolder()
    for name in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(
        at: source.appending(path: name), to: folder.url.appending(path: name))
    }
  }

  @Test func `a mapped model remains usable after its files are deleted`() throws {
    let model = try CLIPModel(directory: folder.url)
    let before = features(of: model)
    for name in ["config.json", "model.safetensors"] {
      try FileManager.default.removeItem(at: folder.url.appending(path: name))
    }
    #expect(features(of: model) == before)
    #expect(features(of: try Fixtures.clip("tiny")) == before)
  }

  @Test func `a missing tensor is named`() throws {
    let name = "text_model.encoder.layers.1.mlp.fc2.bias"
    try rewrite { $0.name == name ? nil : $0 }
    #expect(
      sentence() == "\(weights.path) has no tensor \(name), which config.json requires"
    )
  }

  @Test func `a tensor with a different shape is named with both shapes`() throws {
    try rewrite {
      $0.name == "visual_projection.weight" ? ($0.name, [32, 20], $0.values) : $0
    }
    #expect(
      sentence()
        == "\(weights.path) holds visual_projection.weight with the shape [32, 20], but "
        + "config.json requires [20, 32]")
  }

  @Test(
    arguments: [Float.nan, -.nan, .infinity, -.infinity],
    ["logit_scale", "vision_model.post_layernorm.bias", "text_projection.weight"])
  func `a NaN or infinite value names its tensor`(number: Float, name: String) throws {
    try rewrite {
      $0.name == name ? ($0.name, $0.shape, ($0.values.dropLast() + [number])[...]) : $0
    }
    let what = number.isNaN ? "NaN" : "an infinite number"
    #expect(sentence() == "\(weights.path) holds \(what) in \(name); write finite numbers")
  }

  @Test func `a logit scale with an infinite exponential is reported`() throws {
    try rewrite { $0.name == "logit_scale" ? ($0.name, $0.shape, [100]) : $0 }
    #expect(
      sentence()
        == "\(weights.path) gives logit_scale as 100.0, and e to the power of it is not finite")
  }

  @Test func `extra tensors are ignored`() throws {
    let expected = features(of: try CLIPModel(directory: folder.url))
    try rewrite(adding: [("text_model.embeddings.position_ids", [1, 2], [0, 1])]) { $0 }
    #expect(features(of: try CLIPModel(directory: folder.url)) == expected)
  }

  @Test(arguments: [0, 1, 2, 3])
  func `unaligned numbers are read`(shift: Int) throws {
    let expected = features(of: try CLIPModel(directory: folder.url))
    let bytes = try Data(contentsOf: weights)
    let length = bytes.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    let header = String(decoding: bytes[8..<(8 + length)], as: UTF8.self)
    let padded = header + String(repeating: " ", count: shift)
    try safetensors(header: padded, data: Array(bytes[(8 + length)...])).write(to: weights)
    #expect(features(of: try CLIPModel(directory: folder.url)) == expected)
  }

  @Test func `a model without files keeps its own values`() throws {
    let model = try Fixtures.clip("tiny")
    let layout = model.parameters.layout
    let vector = zip(model.weights.values, layout.entries).flatMap { value, entry in
      UnsafeBufferPointer(start: value, count: entry.count)
    }
    let copy = CLIPModel(model.configuration, weights: CLIPWeights(vector, layout))
    #expect(features(of: copy) == features(of: model))
    #expect(copy.logitScale == model.logitScale)
    #expect(copy.parameterCount == vector.count)
  }

  private typealias Tensor = (name: String, shape: [Int], values: ArraySlice<Float>)

  /// Writes the model's tensors after applying `change`.
  private func rewrite(adding more: [Tensor] = [], _ change: (Tensor) -> Tensor?) throws {
    let file = try SafetensorsFile(weights)
    let tensors = try file.tensors.sorted { $0.key < $1.key }.compactMap {
      change((name: $0.key, shape: $0.value.shape, values: try file.floats($0.key)[...]))
    }
    try SafetensorsWriter.write(tensors + more, to: weights)
  }

  private func sentence() -> String? {
    #expect(throws: ModelError.self) { try CLIPModel(directory: folder.url) }?.description
  }

  private func features(of model: CLIPModel) -> [Float] {
    let context = ComputeContext()
    let tower = TextTower(model.parameters, model.configuration, model.table)
    let texts = TextBatch([[38, 3, 39], [38, 5, 6, 39]], model.configuration)
    return tower.forward(TextRows(texts), recording: false, context).features.elements
  }
}
