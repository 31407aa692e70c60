import Adaptation
import Configuration
import Federation
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Scenario

/// LoRA runs with specific aggregation rules.
struct AggregationRunTests {
  private static let text = """
    name: rules
    seed: 2
    data: { dataset: fashion-mnist, train_samples: 300, test_samples: 100 }
    training: { weight_decay: 0.1, learning_rate: 1.0e-3, batch_size: 16, optimizer_state: persistent }
    methods:
      - { name: flora, kind: lora, rank: 4 }
    fleet:
      devices: 6
      classes:
        - { name: fast, share: 0.5, compute: 50 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 20 Mbps, rtt: 20 ms }
        - { name: slow, share: 0.5, compute: 5 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 80 ms, dropout: 0.3 }
    server: { rounds: 4, cohort: 4 }
    """

  private func run(_ overrides: String..., workers: Int = 2) throws -> TemporaryRun {
    try run(overrides, workers: workers)
  }

  private func run(_ overrides: [String], workers: Int = 2) throws -> TemporaryRun {
    try TemporaryRun(ScenarioText.scenario(Self.text, overrides), workers: workers)
  }

  private func values(_ run: TemporaryRun, _ column: String) -> [String] {
    run.rows("rounds.csv").map { $0[column]! }
  }

  @Test(arguments: LoRARule.allCases)
  func `every rule trains, with identical results for any number of workers`(
    rule: LoRARule
  ) throws {
    let override = "methods[0].aggregation=\(rule.rawValue)"
    let (one, three) = (try run(override, workers: 1), try run(override, workers: 3))
    #expect(one.results == three.results)
    let losses = values(one, "test_loss").map { Double($0)! }
    #expect(losses.allSatisfy(\.isFinite) && losses.last! < losses.first!)
  }

  @Test func `averaging works as for any other method, and reports the LoRA bias`() throws {
    let (plain, average) = (try run(), try run("methods[0].aggregation=average"))
    #expect(
      plain.files["adapters/flora/adapter_model.safetensors"]
        == average.files["adapters/flora/adapter_model.safetensors"])
    func tasks(_ run: TemporaryRun) -> [[String: String]] {
      run.rows("tasks.csv").map { $0.filter { $0.key != "rank" } }
    }
    #expect(tasks(plain) == tasks(average))
    #expect(values(plain, "lora_bias").allSatisfy { $0.isEmpty })
    #expect(values(average, "lora_bias").dropFirst().allSatisfy { Double($0)! > 0 })
  }

  /// Four 128-to-128 layers and rank 4: 2,048 numbers of A and as many of B.
  @Test(arguments: [
    (LoRARule.average, 16_384, 16_384), (.ffa, 8_192, 8_192), (.rolora, 8_192, 8_192),
    (.fedsa, 8_192, 8_192), (.flexlora, 16_384, 16_384), (.hetlora, 16_384, 16_384),
    (.fedSB, 256, 256), (.loraFAIR, 16_384, 16_384),
  ])
  func `clients that participate in every round transfer what the rule requires`(
    rule: LoRARule, down: Int, up: Int
  ) throws {
    let run = try run(
      "methods[0].aggregation=\(rule.rawValue)", "server.cohort=6",
      "fleet.classes[1].dropout=0")
    for task in run.rows("tasks.csv") {
      #expect(task["bytes_down"] == "\(down)" && task["bytes_up"] == "\(up)")
    }
  }

  @Test(arguments: [LoRARule.stacking, .flexlora, .hetlora, .dylora])
  func `device classes may have their own ranks`(rule: LoRARule) throws {
    let run = try run(
      "methods[0].aggregation=\(rule.rawValue)",
      "methods[0].sizes=[{ class: slow, rank: 1, alpha: 16 }]")
    for task in run.rows("tasks.csv") where task["outcome"] == "completed" {
      #expect(task["bytes_up"] == (task["device_class"] == "slow" ? "4096" : "16384"))
      #expect(task["rank"] == (task["device_class"] == "slow" ? "1" : "4"))
    }
    let losses = values(run, "test_loss").map { Double($0)! }
    #expect(losses.last! < losses.first!)
  }

  @Test func `a device with insufficient memory may use a smaller rank`() throws {
    let big = [
      "methods[0].rank=64", "methods[0].modules=[fc1, fc2]", "methods[0].aggregation=dylora",
    ]
    let experiment = try Experiment(ScenarioText.scenario(Self.text, big))
    let method = experiment.methods[0]
    let federation = FederatedLoRA(experiment, method.settings, method.adapted)
    let costs = TaskCosts(experiment, method.settings, method.adapted, federation)
    var setup = costs.asked(ofClass: 1)
    setup.lora?.size.rank = 20
    let memory = (0..<6).map { costs[setup].peakBytes(samples: experiment.shards.count(of: $0)) }
      .max()!
    let run = try TemporaryRun(
      ScenarioText.scenario(
        Self.text, big + ["fleet.adapt=[rank]", "fleet.classes[1].memory=\(memory) B"]))
    let ranks = run.rows("tasks.csv").filter { $0["device_class"] == "slow" }.map {
      Int($0["rank"]!)!
    }
    #expect(!ranks.isEmpty && ranks.allSatisfy { $0 >= 20 && $0 < 64 })
    #expect(run.rows("tasks.csv").allSatisfy { $0["outcome"] != "excluded_memory" })
  }

  @Test(arguments: LoRARule.allCases.filter { $0 != .fedSB })
  func `a timing-only run has the same tasks as a training run`(rule: LoRARule) throws {
    let override = "methods[0].aggregation=\(rule.rawValue)"
    let names = [
      "client", "outcome", "end_s", "bytes_down", "bytes_up", "flops", "peak_memory_bytes",
    ]
    func tasks(_ overrides: String...) throws -> [[String]] {
      try run([override] + overrides).rows("tasks.csv").map { row in names.map { row[$0]! } }
    }
    #expect(try tasks() == tasks("training.mode=timing"))
  }

  @Test(arguments: [
    (["methods[0].aggregation=averag"], "did you mean"),
    (["methods[0].sizes=[{ class: slow, rank: 1 }]"], "rules support"),
    (
      ["methods[0].aggregation=flexlora", "methods[0].sizes=[{ class: slo, rank: 1 }]"],
      "no device class"
    ),
    (
      ["methods[0].aggregation=flexlora", "methods[0].sizes=[{ class: slow, rank: 5 }]"],
      "the method's rank is 4"
    ),
    (["methods[0].aggregation=ffa", "server.strategy=fedasync"], "fedasync"),
    (["methods[0].aggregation=stacking", "server.strategy=fedadam"], "its own mean"),
    (
      ["methods[0].aggregation=rolora", "server.compression=sign"], "write error_feedback: false"
    ),
  ])
  func `incompatible settings are rejected`(overrides: [String], part: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try ScenarioText.scenario(Self.text, overrides)
    }
    #expect("\(String(describing: error))".contains(part))
  }

  @Test func `a rule that needs the base's weights is rejected for a shape without weights`() throws
  {
    let text = Self.text.replacing(
      "training: { weight_decay: 0.1, learning_rate: 1.0e-3, batch_size: 16, optimizer_state: persistent }",
      with: "training: none\nmodel: { base: vit-b-32 }")
    let scenario = try ScenarioText.scenario(text, ["methods[0].aggregation=fed-sb"])
    let error = #expect(throws: ExperimentError.self) { try Experiment(scenario) }
    #expect("\(String(describing: error))".contains("base model with weights"))
  }
}
