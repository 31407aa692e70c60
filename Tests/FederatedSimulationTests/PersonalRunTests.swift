import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Runs in which kinds of parameters stay with the clients.
struct PersonalRunTests {
  private static let text = """
    name: personal
    seed: 11
    data: { dataset: fashion-mnist, train_samples: 200, test_samples: 60, partition: { kind: dirichlet, beta: 0.3 } }
    training: { batch_size: 16, learning_rate: 1.0e-3 }
    methods:
      - { name: flora, kind: lora, rank: 4 }
    fleet:
      devices: 9
      classes:
        - { name: fast, share: 0.5, compute: 50 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 20 Mbps, rtt: 20 ms }
        - { name: slow, share: 0.5, compute: 5 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 80 ms, dropout: 0.5 }
    server: { rounds: 4, cohort: 4 }
    evaluation: { per_client: { held_out: 0.3, fine_tune: true } }
    """

  private static let vision =
    "methods=[{ name: vision, kind: fedvmlc, learning_rate: 1.0e-3, personal: [classifier] }]"

  private func run(_ overrides: String..., workers: Int = 2) throws -> TemporaryRun {
    try TemporaryRun(ScenarioText.scenario(Self.text, overrides), workers: workers)
  }

  private func experiment(_ overrides: [String]) throws -> Experiment {
    try Experiment(ScenarioText.scenario(Self.text, overrides))
  }

  @Test(arguments: [
    [], ["training.optimizer_state=persistent"], ["server.compression=int8"],
    ["server.strategy=fedadam"], ["server.strategy={ kind: fedprox, mu: 0.1 }"],
    ["server.privacy={ clip: 0.5, noise: 1 }"], ["server.deadline=4 s", "server.late=kept"],
  ])
  func `a LoRA whose B is personal is FedSA, byte by byte`(overrides: [String]) throws {
    let rule = try TemporaryRun(
      ScenarioText.scenario(Self.text, overrides + ["methods[0].aggregation=fedsa"]))
    let personal = try TemporaryRun(
      ScenarioText.scenario(Self.text, overrides + ["methods[0].personal=[lora_B]"]))
    // The rank is that of an aggregation.
    func tasks(_ run: TemporaryRun) -> [[String: String]] {
      run.rows("tasks.csv").map { $0.filter { $0.key != "rank" } }
    }
    #expect(tasks(rule) == tasks(personal))
    for table in ["rounds.csv", "clients.csv", "summary.csv"] {
      #expect(rule.files[table] == personal.files[table], "\(table)")
    }
    func models(_ run: TemporaryRun) -> [String: Data] {
      run.files.filter { $0.key.hasSuffix(".safetensors") }
    }
    #expect(models(rule).count > 1)
    #expect(models(rule) == models(personal))
  }

  @Test(arguments: [
    ["methods[0].personal=[lora_B]"], [vision],
    [
      "methods[0].personal=[layers.0]",
      "server.strategy={ kind: fedbuff, buffer: 2, concurrency: 4 }",
    ],
    [
      "methods[0].personal=[lora_A]", "server.strategy=scaffold", "training.optimizer=sgd",
      "methods[0].learning_rate=0.05",
    ],
    [
      "methods[0].personal=[lora_B]", "server.topology={ edges: 2, backhaul: free }",
      "server.cohort=2",
    ],
    [
      "methods[0].personal=[lora_B]", "server.strategy={ kind: fedasync, concurrency: 4 }",
      "server.compression={ kind: top-k, fraction: 0.1 }", "training.optimizer_state=persistent",
    ],
  ])
  func `results are the same for any number of workers, and after interruptions`(
    overrides: [String]
  ) throws {
    let experiment = try experiment(overrides)
    let one = try TemporaryRun(experiment, workers: 1)
    let three = try TemporaryRun(experiment, workers: 3)
    #expect(one.results == three.results)
    let interrupted = try InterruptedRun(experiment, every: 5)
    #expect(interrupted.resumptions > 1)
    #expect(interrupted.results == one.results)
    #expect(one.files.keys.contains { $0.contains("/client-") })
  }

  @Test(arguments: ["train", "timing"])
  func `personal parameters are not transferred, and are held in memory`(mode: String) throws {
    let mode = mode == "timing" ? ["training.mode=timing"] : []
    func tasks(_ method: String) throws -> [[String: String]] {
      try TemporaryRun(
        ScenarioText.scenario(
          Self.text, mode + [method, "fleet.classes[1].dropout=0"])
      ).rows("tasks.csv").sorted {
        (Int($0["round"]!)!, Int($0["client"]!)!) < (Int($1["round"]!)!, Int($1["client"]!)!)
      }
    }
    let all = try tasks(Self.vision.replacing(", personal: [classifier]", with: ""))
    let shared = try tasks(Self.vision)
    #expect(all.count == shared.count && !all.isEmpty)
    // Ten classes of 128 numbers and a bias.
    let saved = 4 * 10 * 129
    for (all, shared) in zip(all, shared) {
      #expect(all["client"] == shared["client"])
      for column in ["bytes_down", "bytes_up"] {
        #expect(Int(all[column]!)! - Int(shared[column]!)! == saved)
      }
      #expect(all["peak_memory_bytes"] == shared["peak_memory_bytes"])
    }
  }

  @Test func `clients have classifiers of their own and one tower`() throws {
    let run = try PartsRun(
      experiment([Self.vision, "fleet.classes[1].dropout=0", "server.rounds=2"]))
    let (algorithm, adapted) = (run.simulation.algorithm, run.simulation.adapted)
    let entries = adapted.method.trainable.entries
    let models = algorithm.testedModels
    #expect(models.count > 2)
    for entry in entries {
      let values = Set(models.map { Array($0.parameters[entry.range]) })
      #expect(
        values.count == (entry.name.hasPrefix("classifier") ? models.count : 1))
    }
    // A client that has not trained has the initial classifier, and the version's tower.
    let trained = Set(run.tasks.map { Int($0["client"]!)! })
    let other = try #require((0..<9).first { !trained.contains($0) })
    let initial = adapted.method.initialParameters(of: run.simulation.experiment.model, seed: 11)
    let model = algorithm.model(nil, from: algorithm.version, of: other).parameters
    for entry in entries {
      let isInitial = model[entry.range] == initial[entry.range]
      #expect(isInitial == entry.name.hasPrefix("classifier"), "\(entry.name)")
    }
  }

  @Test(arguments: [
    (
      "methods=[{ name: m, kind: lora, personal: [classifier] }]",
      "m: personal has \"classifier\", which the method does not train; it trains lora_A, lora_B"
    ),
    (
      "methods=[{ name: m, kind: lora, personal: [lora_B, lora] }]",
      "m: personal has \"lora\", which"
    ),
    (
      "methods=[{ name: m, kind: fedlc, personal: [classifier] }]",
      "m: personal has everything that the method trains, so that clients would send nothing; name a part of classifier"
    ),
    (
      "methods=[{ name: m, kind: lora, personal: [lora_A, lora_B] }]",
      "name a part of lora_A, lora_B"
    ),
    (
      "methods=[{ name: m, kind: fedca, personal: [classifier] }]", "it trains fc1, fc2"
    ),
  ])
  func `parts that the method does not have, or all of them, are refused`(
    method: String, part: String
  ) throws {
    for mode in ["train", "timing"] {
      let error = try #require(throws: ExperimentError.self) {
        try experiment([method, "training.mode=\(mode)"])
      }
      #expect(error.description.contains(part), "\(error)")
    }
  }

  @Test(arguments: ["methods[0].aggregation=average", "methods[0].kind=dylora"])
  func `an aggregation of LoRA, which determines what is sent, takes no personal parameters`(
    other: String
  ) throws {
    let error = try #require(throws: (any Error).self) {
      try ScenarioText.scenario(Self.text, "methods[0].personal=[lora_B]", other)
    }
    #expect("\(error)".contains("determines what clients send"))
  }
}
