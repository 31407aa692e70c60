import CLIP
import Foundation
import Testing

@testable import FederatedSimulation

/// Runs whose LoRA starts from the adapter of an earlier run.
struct AdapterStartTests {
  @Test func `a run starts where the run that wrote the adapter ended`() throws {
    let first = try TemporaryRun(ScenarioText.scenario())
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
      let data = try #require(first.files["adapters/flora/\(name)"])
      try data.write(to: folder.appending(path: name))
    }
    let text = ScenarioText.small.replacing("kind: lora", with: "kind: lora, start: \(folder.path)")
    let second = try TemporaryRun(ScenarioText.scenario(text))
    let (before, after) = (first.rows("rounds.csv"), second.rows("rounds.csv"))
    #expect(after[0]["test_loss"] == before[3]["test_loss"])
    #expect(after[0]["test_accuracy"] == before[3]["test_accuracy"])
    #expect(after[3]["test_loss"] != before[3]["test_loss"])
    let manifest = try #require(second.files["manifest.json"])
    #expect(String(decoding: manifest, as: UTF8.self).contains("adapter_model.safetensors"))
  }

  @Test func `a missing adapter is named`() throws {
    let text = ScenarioText.small.replacing("kind: lora", with: "kind: lora, start: /nowhere/a")
    let scenario = try ScenarioText.scenario(text)
    let error = #expect(throws: ModelError.self) { try Experiment(scenario) }
    #expect(error?.description.hasPrefix("/nowhere/a/adapter_config.json cannot be read") == true)
  }
}
