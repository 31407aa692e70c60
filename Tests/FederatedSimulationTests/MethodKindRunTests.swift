import CLIP
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Scenario

/// Complete runs of every kind of method, on real images.
struct MethodKindRunTests {
  @Test func `every kind runs with identical tables and files for any number of workers`() throws {
    let scenario = try ScenarioText.scenario(ScenarioText.allKinds)
    let one = try TemporaryRun(scenario, workers: 1)
    for workers in [2, 3] {
      let other = try TemporaryRun(scenario, workers: workers)
      #expect(one.csvFiles == other.csvFiles)
      let adapters = one.files.filter { $0.key.hasPrefix("adapters/") }
      #expect(adapters == other.files.filter { $0.key.hasPrefix("adapters/") })
    }
    let rounds = one.rows("rounds.csv")
    for method in scenario.methods.map(\.name) {
      let own = rounds.filter { $0["method"] == method }
      #expect(own.map { $0["round"] } == ["0", "1", "2", "3"])
      let losses = own.map { Double($0["test_loss"]!)! }
      #expect(losses.last! < losses[0], "\(method) learns")
      let isLoRA = ["lora", "dylora", "dora", "ia3"].contains(method)
      let file = isLoRA ? "adapter_model.safetensors" : "model.safetensors"
      #expect(one.files["adapters/\(method)/\(file)"] != nil)
    }
    // The initial predictions of these match the base's.
    func start(_ method: String) -> String? {
      rounds.first { $0["method"] == method }?["test_accuracy"]
    }
    for method in ["full", "fedlc", "fedvmlc", "fedprompt", "norm", "bias", "ia3"] {
      #expect(start(method) == start("lora"))
    }
  }

  @Test func `every kind costs less with cached plans than with the reference plan`() throws {
    let text = ScenarioText.allKinds.replacing("seed: 5", with: "seed: 5\ntraining: none")
      .replacing("training: { batch_size: 16, weight_decay: 0 }\n", with: "")
    let reference = try TemporaryRun(ScenarioText.scenario(text))
    let cached = try TemporaryRun(ScenarioText.scenario(text, "fleet.execution_plan=cached"))
    for (slow, fast) in zip(reference.rows("summary.csv"), cached.rows("summary.csv")) {
      #expect(slow["method"] == fast["method"])
      let key = "peak_memory_bytes"
      #expect(Int(fast[key]!)! <= Int(slow[key]!)!, "\(slow["method"]!)")
    }
    for (slow, fast) in zip(reference.rows("rounds.csv"), cached.rows("rounds.csv")) {
      #expect(Int(fast["device_flops"]!)! <= Int(slow["device_flops"]!)!)
    }
  }

  @Test(arguments: [
    ("data.prompt=\"{}\"", "no words before the class"),
    ("methods[0].context=900", "exceed the"),
  ])
  func `an impossible context is rejected with a sentence`(override: String, words: String) throws {
    let text = ScenarioText.small.replacing("kind: lora", with: "kind: fedprompt")
    let scenario = try ScenarioText.scenario(text, override)
    let error = #expect(throws: ExperimentError.self) { try Experiment(scenario) }
    #expect(error?.description.contains(words) == true)
  }

  @Test func `a learned prompt is context, class and full stop, whatever the prompt template`()
    throws
  {
    let text = ScenarioText.small.replacing("kind: lora", with: "kind: fedprompt")
    func prompts(_ override: String) throws -> [[Int32]] {
      let experiment = try Experiment(ScenarioText.scenario(text, override))
      return try #require(experiment.methods[0].adapted.method.prompts).tokens
    }
    let plain = try prompts("seed=5")
    #expect(try prompts("data.prompt=a photo of a {}, a type of clothing") == plain)
    let experiment = try Experiment(ScenarioText.scenario(text))
    #expect(
      zip(plain, experiment.prompts.tokens).allSatisfy {
        $0[1..<5] == [-1, -2, -3, -4] && $0[5...] == $1[5...]
      })
  }

  @Test func `a context has the length of the prompt's words, or the scenario's value`() throws {
    let text = ScenarioText.small.replacing("kind: lora", with: "kind: fedprompt")
    let width = try Experiment(ScenarioText.scenario(text)).model.configuration.text.width
    for (override, count) in [("seed=5", 4), ("methods[0].context=7", 7)] {
      let experiment = try Experiment(ScenarioText.scenario(text, override))
      #expect(experiment.methods[0].adapted.method.trainable.count == count * width)
    }
  }
}
