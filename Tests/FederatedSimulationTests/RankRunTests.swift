import Configuration
import Foundation
import Ranks
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario
@testable import Sweeps

/// Runs that several ranks share.
struct RankRunTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)

  private static let persistent = "training.optimizer_state=persistent"
  private static let cases: [[String]] = [
    [persistent, "server.rounds=4", "fleet.devices=6", "server.late=kept", "server.deadline=10 s"],
    [
      "server.strategy=scaffold", "training.optimizer=sgd",
      "server.compression={ kind: top-k, fraction: 0.2 }",
      "fleet.devices=6",
    ],
    [
      persistent, "server.strategy={ kind: fedbuff, buffer: 2, concurrency: 5 }", "server.rounds=5",
      "server.compression={ kind: top-k, fraction: 0.1 }",
    ],
    [
      persistent,
      "methods=[{ name: flora, kind: lora, rank: 4, learning_rate: 1.0e-3, aggregation: fedsa }]",
      "server.rounds=4", "fleet.devices=6",
    ],
    [
      persistent,
      "methods=[{ name: flora, kind: lora, rank: 4, learning_rate: 1.0e-3, personal: [lora_B] }, { name: vision, kind: fedvmlc, learning_rate: 1.0e-3, personal: [classifier] }]",
      "server.rounds=4", "fleet.devices=6",
    ],
    [
      "methods=[{ name: flora, kind: lora, rank: 4, learning_rate: 1.0e-3, aggregation: lora-fair }]",
      "server.rounds=4", "fleet.devices=6",
    ],
    ["server.compression=sign", "server.rounds=4", "fleet.devices=6"],
    ["training.batch_parts=3", "fleet.devices=6"],
    [
      "methods=[{ name: stacking, kind: lora, rank: 4, learning_rate: 1.0e-3, aggregation: stacking, sizes: [{ class: slow, rank: 1 }] }, { name: vision, kind: fedvmlc, learning_rate: 1.0e-3 }]"
    ],
  ]

  private func sweep(_ overrides: [String], _ text: String = ScenarioText.small) throws
    -> ScenarioSweep
  {
    try ScenarioSweep(
      ConfigurationDocument(text: text, name: "test.yaml", overrides: overrides),
      folder: URL(filePath: FileManager.default.currentDirectoryPath))
  }

  private func results() throws -> [String: Data] {
    try TemporaryRun.files(in: folder).filter { $0.key != "manifest.json" }
  }

  @Test(arguments: cases, [[1, 1], [2, 1, 1]])
  func `ranks write the same bytes as one process`(overrides: [String], workers: [Int]) throws {
    let traffic = try compareRun(overrides, workers)
    #expect(
      traffic.received["training"].map { $0.bytes > 0 } == true, "some client is trained elsewhere")
  }

  @Test(arguments: cases)
  func `a run goes on with any number of ranks`(overrides: [String]) throws {
    try compareResumedRun(overrides, [[1, 1, 1], [1], [2, 1]], events: 17)
  }

  /// Compares the files of a run on ranks with those of one process.
  private func compareRun(
    _ overrides: [String], _ workers: [Int], leastSpread: Int = RankHub.leastSpread
  ) throws -> RankTraffic {
    defer { try? FileManager.default.removeItem(at: folder) }
    let sweep = try sweep(overrides)
    let ranks = try LocalRanks(workers: workers, leastSpread: leastSpread) { _ in .success(sweep) }
    let run = ExperimentRun(
      try Experiment(sweep.points[0].scenario), workers: workers[0], ranks: ranks.share(),
      SilentObserver())
    _ = try run.run(into: folder)
    try compareResults(sweep)
    return ranks.hub.traffic
  }

  /// Compares the files of a run that is interrupted again and again, and goes on with the next
  /// number of ranks, with those of one process.
  private func compareResumedRun(
    _ overrides: [String], _ workers: [[Int]], events: Int, leastSpread: Int = RankHub.leastSpread
  ) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let sweep = try sweep(overrides)
    var resumptions = 0
    while true {
      let workers = workers[resumptions % workers.count]
      let ranks = try LocalRanks(workers: workers, leastSpread: leastSpread) { _ in
        .success(sweep)
      }
      let run = ExperimentRun(
        try Experiment(sweep.points[0].scenario), workers: workers[0],
        stop: CountingStop(after: events + resumptions % 5),
        ranks: workers.count > 1 ? ranks.share() : nil, SilentObserver())
      do {
        _ = try run.run(into: folder, .required)
        break
      } catch is RunInterruption { resumptions += 1 }
    }
    #expect(resumptions > 2)
    try compareResults(sweep)
  }

  private func compareResults(_ sweep: ScenarioSweep) throws {
    let alone = try TemporaryRun(Experiment(sweep.points[0].scenario), workers: 2).results
    let shared = try results()
    #expect(shared.keys.sorted() == alone.keys.sorted())
    for (name, bytes) in alone { #expect(shared[name] == bytes, "\(name)") }
  }

  private static let lora = "methods=[{ name: flora, kind: lora, rank: 4, learning_rate: 1.0e-3 }]"
  /// Algorithms that only add clients' changes, with updates that come late.
  private static let sums: [[String]] = [
    ["server.rounds=4", "server.late=kept", "server.deadline=10 s", persistent],
    [
      "server.strategy={ kind: fedbuff, buffer: 4, concurrency: 6 }", "server.rounds=5",
      persistent,
    ],
    ["server.strategy={ kind: fedprox, mu: 0.1 }", "server.over_selection=1.5"],
    [
      "server.topology={ edges: 2, rounds_per_edge: 2, backhaul: { download: 2 Mbps, upload: 1 Mbps, rtt: 30 ms }, edge: { download: 20 Mbps, upload: 5 Mbps, dropout: 0.3, restart: 2 s } }",
      "server.cohort=3",
    ],
  ]

  @Test(arguments: sums, [[1, 1], [1, 1, 1], [2, 1, 1, 1, 1]])
  func `ranks that add up ranges of changes write the same bytes`(
    overrides: [String], workers: [Int]
  ) throws {
    let traffic = try compareRun(overrides + [Self.lora], workers, leastSpread: 1)
    #expect(traffic.received["sums"].map { $0.bytes > 0 } == true)
  }

  @Test(arguments: sums)
  func `a run whose changes are on ranks goes on with any number of them`(
    overrides: [String]
  ) throws {
    try compareResumedRun(
      overrides + [Self.lora], [[1, 1, 1], [1], [2, 1], [1, 1, 1, 1, 1]], events: 17,
      leastSpread: 1)
  }

  @Test func `changes of a large model stay on the rank that trained the client`() throws {
    let overrides = [
      "methods=[{ name: fedfft, kind: full, learning_rate: 1.0e-4 }]", "server.rounds=2",
    ]
    let traffic = try compareRun(overrides, [1, 1])
    // A single change of 1.9 million parameters would be 7.6 MB.
    #expect(traffic.received["training"]!.bytes < 100_000, "answers carry no changes")
    #expect(traffic.received["sums"]!.bytes > 4_000_000, "ranges are 3.8 MB")
    #expect(traffic.received["client_state"] == nil, "no whole change is fetched")
  }

  @Test func `client state stays on the rank that trained the client`() throws {
    // As many clients as workers, all of whom take part in each round.
    let overrides = [
      Self.persistent, "server.rounds=6", "fleet.devices=2", "server.cohort=2",
      "fleet.classes=[{ name: all, share: 1, compute: 50 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 20 Mbps, rtt: 20 ms }]",
    ]
    let traffic = try compareRun(overrides, [1, 1])
    // Checkpoints fetch the moments; with an order they would be 15 MB.
    #expect(traffic.sent["training"]!.bytes < 100_000, "orders carry no moments")
    #expect(traffic.sent["models"]!.messages >= 2 * 6, "each version is sent once")
    #expect(traffic.sent["training"]!.messages == traffic.received["training"]!.messages)
  }

  @Test func `a rank that has a different scenario is named, and nothing is written`() throws {
    let sweep = try sweep([])
    let ranks = try LocalRanks(workers: [1, 1, 1]) { rank in
      Result { rank == 2 ? try self.sweep(["seed=9"]) : sweep }
    }
    let run = ExperimentRun(
      try Experiment(sweep.points[0].scenario), workers: 1, ranks: ranks.share(), SilentObserver())
    let error = #expect(throws: ExperimentError.self) { try run.run(into: folder) }
    #expect(error?.description.hasPrefix("rank 2 (process") == true)
    #expect(error?.description.hasSuffix("has a different scenario") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func `a rank that cannot load the run is named with the reason`() throws {
    let sweep = try sweep([])
    let ranks = try LocalRanks(workers: [1, 1]) { _ in
      Result { try self.sweep(["data.path=/nowhere"]) }
    }
    let run = ExperimentRun(
      try Experiment(sweep.points[0].scenario), workers: 1, ranks: ranks.share(), SilentObserver())
    let error = #expect(throws: ExperimentError.self) { try run.run(into: folder) }
    #expect(error?.description.hasPrefix("rank 1 (process") == true)
    #expect(error?.description.contains("/nowhere") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func `different kernels are rejected unless they are allowed`() throws {
    let ranks = try LocalRanks(workers: [1, 1]) { _ in Result { try self.sweep([]) } }
    var key = try Experiment(sweep([]).points[0].scenario).origin().resultKey
    key["kernels"] = "others"
    let fault = #expect(throws: RankFault.self) {
      try ranks.hub.open(point: 0, allowsDifferentKernels: false) { key }
    }
    #expect(fault?.description.contains("--allow-different-kernels") == true)
    let remark = try ranks.hub.open(point: 0, allowsDifferentKernels: true) { key }
    #expect(remark?.contains("rank 1") == true)
  }

  @Test func `ranks share the combinations of a sweep`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let sweep = try sweep(
      ["server.rounds=1"],
      ScenarioText.small + "\nsweep: { seed: [1, 2], methods.flora.rank: [1, 2] }\n")
    _ = try SweepRun(sweep, workers: 2, SilentObserver()).run(into: folder)
    let alone = try TemporaryRun.files(in: folder).filter { $0.key.hasSuffix(".csv") }
    try FileManager.default.removeItem(at: folder)
    let ranks = try LocalRanks(workers: [1, 1]) { _ in .success(sweep) }
    let outcome = try SweepRun(sweep, workers: 1, ranks: ranks.share(), SilentObserver())
      .run(into: folder)
    #expect(outcome == SweepRun.Outcome(run: 4, known: 0, elsewhere: 0))
    #expect(try TemporaryRun.files(in: folder).filter { $0.key.hasSuffix(".csv") } == alone)
  }
}
