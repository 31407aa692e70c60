import Foundation
import Testing

/// Commands that inspect a model and export a trained one.
struct ModelCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `model prints a table, or the same numbers as JSON`() throws {
    let table = try Flora.run(["model", "nano"], in: folder)
    #expect(table.status == 0 && table.output.contains("1907073"))
    let json = try Flora.run(["model", "nano", "--json"], in: folder)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let methods = try #require(report["methods"] as? [[String: Any]])
    let full = try #require(methods.first { $0["name"] as? String == "fedfft" })
    #expect(full["trainable_parameters"] as? Int == 1_907_072)
    #expect(full["payload_bytes"] as? Int == 7_628_288)
    let flora = try #require(methods.first { $0["name"] as? String == "flora" })
    #expect(flora["payload_bytes"] as? Int == 8192)
    for method in ["fedlc", "fedvmlc", "fedaa", "fedca", "fedprompt", "vpt, deep"] {
      #expect(methods.contains { $0["name"] as? String == method } && table.output.contains(method))
    }
  }

  /// The parameters of openai/clip-vit-base-patch32: 151,277,313. LoRA of rank 2 on the text tower's
  /// twelve 512-to-512 output layers trains 12 x 2 x (512 + 512).
  @Test func `model prints the costs of a shape without weights, and says so`() throws {
    let table = try Flora.run(["model", "vit-b-32", "--batch-size", "8"], in: folder)
    #expect(table.status == 0 && table.output.contains("151277313"), "\(table.errors)")
    #expect(table.output.hasPrefix("vit-b-32 is a shape without weights"))
    let json = try Flora.run(["model", "vit-b-32", "--batch-size", "8", "--json"], in: folder)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(report["has_weights"] as? Bool == false)
    let methods = try #require(report["methods"] as? [[String: Any]])
    let flora = try #require(methods.first { $0["name"] as? String == "flora" })
    #expect(flora["trainable_parameters"] as? Int == 24_576)
    let nano = try Flora.run(["model", "nano", "--json"], in: folder)
    #expect(nano.output.contains("\"has_weights\" : true"))
    #expect(try !Flora.run(["model", "nano"], in: folder).output.contains("shape"))
  }

  @Test(arguments: [
    ["embed", "vit-b-32", "--text", "a bag"], ["evaluate", "vit-b-32"],
    ["export", "vit-b-32", "--merged"],
  ])
  func `commands that need weights reject a shape without weights`(arguments: [String]) throws {
    let run = try Flora.run(arguments, in: folder)
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("flora: vit-b-32 is a shape without weights"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `a training scenario rejects a shape without weights with the same message`() throws {
    try folder.write(SmallScenario.text, to: "small.yaml")
    let run = try Flora.run(
      ["validate", "small.yaml", "--set", "model.base=vit-b-32"], in: folder)
    #expect(run.status == 2 && run.errors.contains("vit-b-32 is a shape without weights"))
  }

  @Test func `embed prints a unit-length embedding per line for each text`() throws {
    let texts = ["a photo of a bag.", "a drawing of a \"cup\"", ""]
    let run = try Flora.run(["embed", "nano"] + texts.flatMap { ["--text", $0] }, in: folder)
    let lines = try run.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
    }
    #expect(lines.map { $0["text"] as? String } == texts)
    for line in lines {
      let embedding = try #require(line["embedding"] as? [Double])
      #expect(embedding.count == 128)
      #expect(abs(embedding.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
  }

  @Test(arguments: [Float.nan, .infinity, 3e38])
  func `every computing command rejects weights that are NaN, infinite or overflow`(number: Float)
    throws
  {
    let base = folder.url.appending(path: "base")
    try FileManager.default.copyItem(at: Flora.shippedBase, to: base)
    try overwrite("text_projection.weight", of: base, with: number)
    try folder.write(SmallScenario.text, to: "small.yaml")
    for arguments in [
      ["run", "small.yaml", "--set", "model.base=base"], ["evaluate", "base"],
      ["embed", "base", "--text", "a bag"],
    ] {
      let run = try Flora.run(arguments, in: folder)
      #expect(run.status == 2 && run.output.isEmpty, "\(arguments) \(run.errors)")
      #expect(
        run.errors.contains(
          number.isFinite ? "overflow" : "model.safetensors holds")
          && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
    #expect(try folder.names() == ["base", "small.yaml"])
  }

  /// Fills a float32 tensor with a number.
  private func overwrite(_ tensor: String, of base: URL, with number: Float) throws {
    let file = base.appending(path: "model.safetensors")
    var data = try Data(contentsOf: file)
    let length = Int(data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as! [String: Any]
    let offsets = (header[tensor] as! [String: Any])["data_offsets"] as! [Int]
    let bytes = withUnsafeBytes(of: number) { Array($0) }
    for place in stride(from: offsets[0], to: offsets[1], by: 4) {
      data.replaceSubrange(8 + length + place..<8 + length + place + 4, with: bytes)
    }
    try data.write(to: file)
  }

  @Test func `embed accepts pictures and an adapter, and names an invalid file`() throws {
    let fixtures = Flora.fixtures.appending(path: "pictures")
    for name in ["rgb-8.png", "420.jpg"] {
      try FileManager.default.copyItem(
        at: fixtures.appending(path: name), to: folder.url.appending(path: name))
    }
    let run = try Flora.run(
      ["embed", "nano", "--image", "rgb-8.png", "--image", "420.jpg"], in: folder)
    let lines = try run.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
    }
    #expect(lines.map { $0["image"] as? String } == ["rgb-8.png", "420.jpg"])
    #expect(lines.allSatisfy { ($0["embedding"] as? [Double])?.count == 128 })

    try folder.write("no picture", to: "text.png")
    let fault = try Flora.run(["embed", "nano", "--image", "text.png"], in: folder)
    #expect(fault.status == 2 && fault.errors.contains("text.png"), "\(fault.errors)")
    #expect(fault.output.isEmpty)

    try folder.write(SmallScenario.text, to: "small.yaml")
    _ = try Flora.run(["run", "small.yaml"], in: folder)
    let text = ["--text", "a photo of a bag."]
    let adapted = try Flora.run(
      ["embed", "nano", "--adapter", "results/small/adapters/flora"] + text, in: folder)
    let base = try Flora.run(["embed", "nano"] + text, in: folder)
    #expect(adapted.status == 0 && adapted.output != base.output, "\(adapted.errors)")
  }

  @Test func `export writes a merged model that can be used as a base`() throws {
    try folder.write(SmallScenario.text, to: "small.yaml")
    _ = try Flora.run(["run", "small.yaml"], in: folder)
    let export = try Flora.run(
      ["export", "results/small", "--merged", "--method", "flora", "--out", "merged"], in: folder)
    #expect(export.status == 0, "\(export.errors)")
    let own = try Flora.run(["embed", "merged", "--text", "a photo of a bag."], in: folder)
    let base = try Flora.run(["embed", "nano", "--text", "a photo of a bag."], in: folder)
    #expect(own.status == 0 && own.output != base.output)
    try folder.write("mine", to: "merged/config.json")
    let again = try Flora.run(
      ["export", "results/small", "--merged", "--method", "flora", "--out", "merged"], in: folder)
    #expect(again.status == 2 && again.errors.contains("already exists; remove it"))
    #expect(try folder.text("merged/config.json") == "mine")
    let fault = try Flora.run(["export", "results/small", "--merged"], in: folder)
    #expect(fault.status == 2 && fault.errors.contains("flora, fedfft"))
  }

  @Test
  func `export keeps all tokenizer files, and only merges into the run's own weights`()
    throws
  {
    let base = folder.url.appending(path: "base")
    try FileManager.default.copyItem(at: Flora.shippedBase, to: base)
    let files = ["tokenizer.json", "tokenizer_config.json"]
    let merges = try folder.text("base/merges.txt").split(separator: "\n").dropFirst()
    let model: [String: Any] = [
      "type": "BPE", "end_of_word_suffix": "</w>", "merges": merges.map(String.init),
      "vocab": try JSONSerialization.jsonObject(
        with: Data(contentsOf: base.appending(path: "vocab.json"))),
    ]
    try JSONSerialization.data(withJSONObject: ["model": model])
      .write(to: base.appending(path: "tokenizer.json"))
    try folder.write(#"{"tokenizer_class": "CLIPTokenizer"}"#, to: "base/tokenizer_config.json")
    for name in ["vocab.json", "merges.txt"] {
      try FileManager.default.removeItem(at: base.appending(path: name))
    }
    try folder.write(SmallScenario.text, to: "small.yaml")
    let run = try Flora.run(["run", "small.yaml", "--set", "model.base=base"], in: folder)
    try #require(run.status == 0, "\(run.errors)")
    let export = ["export", "results/small", "--merged", "--method", "flora", "--out", "merged"]
    #expect(try Flora.run(export, in: folder).status == 0)
    for name in files + ["preprocessor_config.json"] {
      #expect(
        try folder.text("merged/\(name)")
          == String(contentsOf: base.appending(path: name), encoding: .utf8))
    }
    #expect(try Flora.run(["embed", "merged", "--text", "a bag"], in: folder).status == 0)
    try FileManager.default.removeItem(at: folder.url.appending(path: "merged"))
    let itself = try Flora.run(export.dropLast() + ["base"], in: folder)
    #expect(itself.status == 2 && itself.errors.contains("holds the base model"))
    try overwrite("logit_scale", of: base, with: 1)
    let changed = try Flora.run(export, in: folder)
    #expect(changed.status == 2, "\(changed.errors)")
    #expect(changed.errors.contains("base/model.safetensors has changed since the run"))
    #expect(try !folder.names().contains("merged"))
  }

  @Test(arguments: ["fedlc", "fedaa", "fedca", "fedprompt", "vpt"])
  func `export rejects methods with parameters outside CLIP`(kind: String) throws {
    let text = SmallScenario.text.replacing("kind: lora", with: "kind: \(kind)")
    try folder.write(text, to: "small.yaml")
    #expect(try Flora.run(["run", "small.yaml"], in: folder).status == 0)
    let export = try Flora.run(
      ["export", "results/small", "--merged", "--method", "flora", "--out", "merged"], in: folder)
    #expect(export.status == 2 && export.output.isEmpty)
    #expect(export.errors.contains("cannot be merged"), "\(export.errors)")
    #expect(export.errors.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "merged").path))
  }

  @Test func `export merges a trained vision model without its classifier`() throws {
    let text = SmallScenario.text.replacing("kind: lora", with: "kind: fedvmlc")
    try folder.write(text, to: "small.yaml")
    #expect(try Flora.run(["run", "small.yaml"], in: folder).status == 0)
    let export = try Flora.run(
      ["export", "results/small", "--merged", "--method", "flora", "--out", "merged"], in: folder)
    #expect(export.status == 0, "\(export.errors)")
    #expect(export.output.contains("adapters/flora"))
    let picture = Flora.fixtures.appending(path: "pictures/rgb-8.png").path
    let (own, base) = (
      try Flora.run(["embed", "merged", "--image", picture], in: folder),
      try Flora.run(["embed", "nano", "--image", picture], in: folder)
    )
    #expect(own.status == 0 && own.output != base.output, "\(own.errors)")
  }
}
