import CLIP
import Foundation
import Testing

@testable import FederatedSimulation

/// Training runs with all coordination modes and strategies.
struct LearningRunTests {
  private static let text = ScenarioText.small
    .replacing("  - { name: fedfft, kind: full, learning_rate: 1.0e-4 }\n", with: "")

  private func run(_ overrides: String..., workers: Int = 2) throws -> TemporaryRun {
    try TemporaryRun(ScenarioText.scenario(Self.text, overrides), workers: workers)
  }

  /// The trained parameters of the only method.
  private func adapter(_ run: TemporaryRun) throws -> [Float] {
    let data = try #require(run.files["adapters/flora/adapter_model.safetensors"])
    let header = 8 + data[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    return data[header...].withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  private static let ways = [
    "server.over_selection=1.5", "{server.deadline=2 s,server.late=kept}",
    "server.strategy=fedavgm", "server.strategy=fedadagrad", "server.strategy=fedadam",
    "server.strategy=fedyogi", "server.strategy=fedprox",
    "{server.strategy=scaffold,methods[0].optimizer=sgd}",
    "server.strategy={kind: fedbuff, buffer: 3, concurrency: 5}",
    "server.strategy={kind: fedasync, concurrency: 4}",
    "server.selection=samples", "server.selection={kind: device-classes, shares: [0.8, 0.2]}",
    "server.selection=power-of-choice", "server.selection=oort", "server.selection=resources",
    "server.compression=fp16", "server.compression=bf16", "server.compression=int8",
    "server.compression={kind: top-k, fraction: 0.05}", "server.compression=sign",
    "server.privacy={clip: 0.1, noise: 0.5}", "server.secure_aggregation={bits: 16}",
    "training.precision=bfloat16", "training.base_precision=bfloat16",
    "training.base_precision=int8", "training.base_precision=nf4",
    "training.checkpointing=blocks", "training.micro_batch=3", "training.batch_parts=3",
    "{training.precision=bfloat16,training.base_precision=nf4,training.micro_batch=5}",
  ]

  /// Multiple overrides are in braces.
  private static func overrides(_ way: String) -> [String] {
    way.hasPrefix("{") ? way.dropFirst().dropLast().split(separator: ",").map(String.init) : [way]
  }

  @Test(arguments: ways)
  func `every mode trains, with identical results for any number of workers`(
    way: String
  ) throws {
    let scenario = try ScenarioText.scenario(Self.text, Self.overrides(way))
    let one = try TemporaryRun(scenario, workers: 1)
    let three = try TemporaryRun(scenario, workers: 3)
    #expect(one.results == three.results)
    let rounds = one.rows("rounds.csv")
    #expect(rounds.count == 4)
    #expect(rounds.last!["test_loss"] != rounds.first!["test_loss"], "something was learned")
    #expect(rounds.allSatisfy { Double($0["test_loss"]!)!.isFinite })
  }

  @Test(arguments: [
    "server.strategy={kind: fedbuff, buffer: 1, concurrency: 1}",
    "server.strategy={kind: fedasync, concurrency: 1, mixing: 1}",
  ])
  func `with one client and no delay an asynchronous server equals plain training`(
    way: String
  ) throws {
    let alone = [
      "fleet.devices=1", "server.cohort=1", "fleet.classes[0].dropout=0",
      "fleet.classes[1].dropout=0",
    ]
    let plain = try TemporaryRun(ScenarioText.scenario(Self.text, alone))
    let other = try TemporaryRun(ScenarioText.scenario(Self.text, alone + [way]))
    // Averaging one client's change divides it by its own weight, which may round.
    let (expected, numbers) = (try adapter(plain), try adapter(other))
    let most = expected.reduce(0) { max($0, abs($1)) }
    #expect(zip(expected, numbers).allSatisfy { abs($0 - $1) < 1e-6 * most })
    #expect(
      plain.rows("rounds.csv").map { $0["virtual_time_s"] }
        == other.rows("rounds.csv").map { $0["virtual_time_s"] })
  }

  /// The loss is a mean over samples, so the weighted mean of the clients' steps is a step along the
  /// gradient over all samples.
  @Test func `one full-batch step per client equals one step of centralised training`()
    throws
  {
    let settings = [
      "methods[0].optimizer=sgd", "methods[0].loss=classification", "methods[0].learning_rate=1e-3",
      "methods[0].batch_size=400", "server.rounds=2", "fleet.classes[0].dropout=0",
      "fleet.classes[1].dropout=0",
    ]
    let federated = try TemporaryRun(
      ScenarioText.scenario(
        Self.text, settings + ["server.cohort=10", "data.partition={kind: dirichlet, beta: 0.5}"]))
    let central = try TemporaryRun(
      ScenarioText.scenario(Self.text, settings + ["server.cohort=1", "fleet.devices=1"]))
    let start = try adapter(
      TemporaryRun(ScenarioText.scenario(Self.text, settings + ["methods[0].learning_rate=1e-12"])))
    let (one, other) = (try adapter(federated), try adapter(central))
    let moved = zip(other, start).reduce(0) { max($0, abs($1.0 - $1.1)) }
    let apart = zip(one, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(moved > 1e-5)
    #expect(apart < 1e-3 * moved)
  }

  @Test(arguments: [
    ("fp16", 2 * 2048), ("int8", 2048), ("{kind: top-k, fraction: 0.01}", 20 * (4 + 2)),
    ("sign", 2048 / 8),
  ])
  func `a compressed update has its encoded size on the network`(
    compression: String, least: Int
  ) throws {
    let run = try run("server.compression=\(compression)", "server.rounds=1")
    for task in run.rows("tasks.csv") where task["outcome"] == "completed" {
      #expect(task["bytes_down"] == "8192")
      let up = Int(task["bytes_up"]!)!
      #expect(up >= least && up < least + least / 4 + 64, "numbers, and few bytes of scales")
    }
  }

  @Test func `epsilon grows with every round, and is small with enough noise`() throws {
    let loud = try run("server.privacy={clip: 0.1, noise: 4}").rows("rounds.csv")
    let quiet = try run("server.privacy={clip: 0.1, noise: 0.6}").rows("rounds.csv")
    let (small, large) = [loud, quiet].map { $0.map { Double($0["epsilon"]!)! } }.split()
    #expect(small[0] == 0 && zip(small, small.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(small, large).dropFirst().allSatisfy { $0 < $1 })
    #expect(try run("server.rounds=1").rows("rounds.csv").allSatisfy { $0["epsilon"] == "" })
  }

  @Test func `a NaN or infinite update is rejected and counted, and the run continues`() throws {
    let run = try run(
      "methods[0].learning_rate=1000", "methods[0].weight_decay=1000", "methods[0].optimizer=sgd",
      "server.rounds=3")
    let tasks = run.rows("tasks.csv")
    #expect(tasks.contains { $0["outcome"] == "rejected" })
    let rounds = run.rows("rounds.csv")
    #expect(rounds.count == 4)
    #expect(rounds.dropFirst().contains { $0["rejected"] != "0" })
    #expect(rounds.last!["wasted_bytes"] != "0")
  }

  @Test func `SCAFFOLD transfers two vectors each way and holds three more`() throws {
    let settings = ["methods[0].optimizer=sgd", "server.rounds=1"]
    let plain = try TemporaryRun(ScenarioText.scenario(Self.text, settings))
    let other = try TemporaryRun(
      ScenarioText.scenario(Self.text, settings + ["server.strategy=scaffold"]))
    func first(_ run: TemporaryRun, _ column: String) -> Int {
      Int(run.rows("tasks.csv").first { $0["outcome"] == "completed" }![column]!)!
    }
    #expect(first(other, "bytes_down") == 2 * 8192 && first(other, "bytes_up") == 2 * 8192)
    #expect(first(other, "peak_memory_bytes") == first(plain, "peak_memory_bytes") + 3 * 8192)
    let error = #expect(throws: (any Error).self) {
      try ScenarioText.scenario(Self.text, ["server.strategy=scaffold"])
    }
    #expect("\(String(describing: error))".contains("optimizer: sgd"))
  }
}

extension Array {
  /// The two elements.
  fileprivate func split() -> (Element, Element) { (self[0], self[1]) }
}
