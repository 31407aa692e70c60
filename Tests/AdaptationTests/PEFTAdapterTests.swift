import CLIP
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// LoRA adapters read from PEFT's files.
struct PEFTAdapterTests {
  private let model: CLIPModel

  init() throws { model = try Fixtures.clip("odd-widths") }

  @Test(arguments: Tower.allCases, [[.output], [.query, .expansion], LinearModule.allCases])
  func `a written adapter is read back`(tower: Tower, modules: [LinearModule]) throws {
    let method = LoRAMethod(
      model.configuration, tower: tower, modules: modules, rank: 3, alpha: 0.1)
    let numbers = randomNumbers(method.trainable.count, seed: 1)
    let folder = try TemporaryFolder()
    try method.write(numbers, to: folder.url)
    let read = try LoRAMethod(model.configuration, PEFTAdapter(directory: folder.url))
    #expect(read.tower == tower)
    #expect(read.modules == method.modules)
    #expect(read.rank == 3)
    #expect(read.alpha == 0.1)
    #expect(read.trainable.entries.map(\.name) == method.trainable.entries.map(\.name))
    #expect(read.initialParameters(of: model, seed: 7) == numbers)
  }

  @Test(arguments: LoRAScaling.allCases)
  func `a scaling is written in PEFT's format and read back`(scaling: LoRAScaling) throws {
    let method = LoRAMethod(
      model.configuration, tower: .both, modules: [.query], rank: 3, alpha: 12, scaling: scaling)
    let updates = AdaptedModel.tracingTable(model, method).updates
    let scale = updates.lazy.compactMap { $0 as? LowRankUpdates }.first?.clients[0].scale
    #expect(scale == (scaling == .plain ? 12 : Float(12 / 3.0.squareRoot())))
    let folder = try TemporaryFolder()
    try method.write(randomNumbers(method.trainable.count, seed: 1), to: folder.url)
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.url.appending(path: "adapter_config.json")))
        as? [String: Any])
    // PEFT multiplies by lora_alpha / r, or by lora_alpha / √r.
    #expect(json["use_rslora"] as? Bool == (scaling == .rslora))
    #expect(json["lora_alpha"] as? Double == (scaling == .rslora ? 12 : 36))
    let read = try LoRAMethod(model.configuration, PEFTAdapter(directory: folder.url))
    #expect(read.scaling == scaling)
    #expect(read.alpha == 12)
  }

  @Test func `an expression for one tower selects its layers, scaled by alpha over rank`()
    throws
  {
    let adapter = try PEFTAdapter(directory: Self.directory("plain"))
    #expect(adapter.tower == .text)
    #expect(adapter.modules == [.query, .contraction])
    #expect(adapter.rank == 3)
    #expect(adapter.alpha == 4)
    #expect(adapter.scaling == .plain)
  }

  @Test func `names select layers of both towers, with rank-stabilised scaling`()
    throws
  {
    let adapter = try PEFTAdapter(directory: Self.directory("rslora"))
    #expect(adapter.tower == .both)
    #expect(adapter.modules == [.value, .output])
    #expect(adapter.rank == 2)
    #expect(adapter.alpha == 5)
    #expect(adapter.scaling == .rslora)
  }

  @Test(arguments: ["plain", "rslora", "dora", "ia3"])
  func `a PEFT adapter gives PEFT's embeddings`(name: String) throws {
    let reference = try Fixtures.reference("adapters")
    let base = try Fixtures.reference("odd-widths")
    let method = try PEFTAdapter(directory: Self.directory(name)).method(model.configuration)
    let (texts, images) = try embeddings(method, base)
    #expect(relativeError(texts, try reference["\(name).text_embeds"]) < 1e-5)
    #expect(relativeError(images, try reference["\(name).image_embeds"]) < 1e-5)
    #expect(relativeError(texts, try base["text_embeds"]) > 0.1, "the adapter changes something")
  }

  @Test(arguments: ["dora", "ia3"])
  func `PEFT's files of a DoRA and an IA3 are read, written and read back`(name: String) throws {
    let method = try PEFTAdapter(directory: Self.directory(name)).method(model.configuration)
    let numbers = method.initialParameters(of: model, seed: 0)
    let folder = try TemporaryFolder()
    try method.write(numbers, to: folder.url)
    let again = try PEFTAdapter(directory: folder.url).method(model.configuration)
    #expect(again.trainable.entries.map(\.name) == method.trainable.entries.map(\.name))
    #expect(again.initialParameters(of: model, seed: 7) == numbers)
    #expect(try method.read(from: folder.url) == numbers)
    let file = "adapter_model.safetensors"
    func tensors(_ folder: URL) throws -> [String: [Int]] {
      try SafetensorsFile(folder.appending(path: file)).tensors.mapValues(\.shape)
    }
    #expect(try tensors(folder.url) == tensors(Self.directory(name)))
  }

  @Test func `an adapter of another kind is rejected with a sentence`() throws {
    func sentence(_ name: String, _ kind: PEFTAdapter.Kind) -> String? {
      #expect(throws: ModelError.self) {
        try PEFTAdapter(directory: Self.directory(name), kind: kind)
      }?.description
    }
    #expect(sentence("dora", .lora)?.contains("sets use_dora to true; only y = W x + b") == true)
    #expect(sentence("ia3", .lora)?.hasSuffix("its peft_type is not LORA") == true)
    #expect(sentence("plain", .dora)?.hasSuffix("write kind: lora") == true)
    #expect(sentence("dora", .ia3)?.hasSuffix("its peft_type is not IA3") == true)
  }

  /// The embeddings of the base's reference inputs, with the method's initial values.
  private func embeddings(
    _ method: any AdaptationMethod, _ inputs: Reference
  ) throws -> (texts: [Float], images: [Float]) {
    let context = ComputeContext()
    let start = method.initialParameters(of: model, seed: 0)
    let parameters = context.matrix(1, start.count, copying: start)
    let table = AdaptedModel(model, method).table(parameters, gradient: nil)
    let texts = TextBatch(try inputs.rows("class_input_ids"), model.configuration)
    let pixels = try inputs["pixel_values"]
    let size = model.configuration.pixelCount
    let images = context.matrix(pixels.count / size, size, copying: pixels)
    return withExtendedLifetime(parameters) {
      (
        TextTower(model.parameters, model.configuration, table)
          .forward(TextRows(texts), recording: false, context).features.elements,
        VisionTower(model.parameters, model.configuration, table)
          .forward(images, recording: false, context).features.elements
      )
    }
  }

  private static func directory(_ name: String) -> URL {
    Fixtures.directory.appending(path: "clip/adapters/\(name)")
  }
}
