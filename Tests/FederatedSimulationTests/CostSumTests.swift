import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Costs are accounted in the row of the version during which they occur; no byte is lost or counted twice.
struct CostSumTests {
  /// Slow and fast devices with all kinds of dropout, two thirds of which have power figures.
  static let text = """
    name: sums
    seed: 3
    data: { dataset: fashion-mnist, test_samples: 10, partition: { kind: few-shot, shots: 1 } }
    training: none
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: 12
      classes:
        - { name: fast, share: 0.4, compute: 1 GFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms, dropout: 0.1, power: { computing: 4 W, sending: 1.5 W, receiving: 1 W, idle: 100 mW } }
        - { name: slow, share: 0.4, compute: 300 MFLOPS, memory: 1 GB, download: 3 Mbps, upload: 700 kbps, rtt: 7 ms, hazard: { training: 200, upload: 900 } }
        - { name: small, share: 0.2, compute: { lognormal: { median: 500 MFLOPS, sigma: 0.5 } }, memory: 1 GB, download: 3 Mbps, upload: 300 kbps, rtt: 30 ms, jitter: 5 ms, power: { computing: 2 W, sending: 1 W, receiving: 1 W, idle: 10 mW } }
    server: { rounds: 8, cohort: 4 }
    """

  private static let asynchronous = "server.strategy={kind: fedbuff, buffer: 3, concurrency: 5}"
  private static let sessions = "fleet.availability={kind: sessions, every: 8 s, length: 3 s}"

  static let ways: [[String]] = [
    [],
    ["server.over_selection=2"],
    ["server.deadline=2 s"],
    ["server.deadline=2 s", "server.late=kept"],
    ["server.deadline=2 s", "server.late=kept", "server.round_end=deadline"],
    ["server.over_selection=2.5", "evaluation.every=3"],
    [asynchronous],
    [asynchronous, "evaluation.every=3"],
    ["server.strategy={kind: fedasync, concurrency: 5, most_stale: 2}", "server.rounds=20"],
    ["server.download=2 Mbps", "server.upload=1 Mbps", "server.over_selection=2"],
    ["server.download=2 Mbps", "server.upload=1 Mbps", asynchronous],
    [sessions, "server.over_selection=2"],
    [sessions, "fleet.interruption=fail", asynchronous],
    [sessions, "server.download=2 Mbps", "server.upload=1 Mbps", "server.deadline=4 s"],
    ["server.upload=100 kbps", "server.selection=available", sessions, asynchronous],
    ["server.secure_aggregation={bits: 16}", "server.over_selection=2"],
    ["fleet.base_download=once", "server.deadline=20 s", "server.over_selection=1.5"],
    ["fleet.classes[2].memory=1 kB", "server.over_selection=2"],
    ["server.privacy={clip: 1, noise: 1, sampling: poisson}"],
    ["methods[0].aggregation=stacking", "server.over_selection=2"],
  ]

  @Test(arguments: ways)
  func `the rows of versions add up to the rows of tasks and to the summary`(
    overrides: [String]
  ) throws {
    let run = try TemporaryRun(ScenarioText.scenario(Self.text, overrides))
    #expect(run.rows("tasks.csv").count > 20)
    CostSums(run, method: "flora").check()
  }

  @Test(arguments: [[], ["server.over_selection=2"], [asynchronous]])
  func `the rows also add up with real training`(overrides: [String]) throws {
    let text = Self.text.replacing("training: none\n", with: "training: { batch_size: 10 }\n")
    let run = try TemporaryRun(ScenarioText.scenario(text, overrides))
    CostSums(run, method: "flora").check()
  }

  @Test(arguments: [
    ["server.strategy={kind: fedbuff, buffer: 5, concurrency: 6}"],
    ["server.strategy={kind: fedasync, concurrency: 6}"],
  ])
  func `a run that ends because all updates are rejected has a row for its last tasks`(
    overrides: [String]
  ) throws {
    let text = ScenarioText.small
      .replacing(
        "learning_rate: 1.0e-3",
        with: "optimizer: sgd, learning_rate: 1000, weight_decay: 1000, local_epochs: 20"
      )
      .replacing("  - { name: fedfft, kind: full, learning_rate: 1.0e-4 }\n", with: "")
    let run = try TemporaryRun(
      ScenarioText.scenario(text, overrides + ["data.train_samples=100", "fleet.devices=8"]))
    let rounds = run.rows("rounds.csv")
    #expect(run.warnings.map { $0.contains("since all updates were NaN or infinite") } == [true])
    #expect(rounds.map { $0["round"]! } == ["0", "0"])
    #expect(Int(rounds[1]["rejected"]!)! >= 100 && rounds[1]["completed"] == "0")
    CostSums(run, method: "flora").check()
  }

  @Test(arguments: [[], [asynchronous], ["server.selection=available"]])
  func `a run that ends because no device is eligible has a row for its last tasks`(
    overrides: [String]
  ) throws {
    let lacking = ["fast", "slow", "small"].map { "fleet.classes.\($0).memory=1 kB" }
    let run = try TemporaryRun(ScenarioText.scenario(Self.text, overrides + lacking))
    #expect(run.warnings.map { $0.contains("since no device can take part anymore") } == [true])
    #expect(run.rows("rounds.csv").map { $0["round"]! } == ["0", "0"])
    #expect(run.rows("tasks.csv").count >= 4)
    CostSums(run, method: "flora").check()
  }
}
