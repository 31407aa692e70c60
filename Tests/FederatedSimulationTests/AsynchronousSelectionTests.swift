import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Client selection by an asynchronous server: each selection draws independently, even within one version.
struct AsynchronousSelectionTests {
  private static let text = """
    name: draws
    seed: 4
    data: { dataset: fashion-mnist, train_samples: 600, test_samples: 20 }
    training: { batch_size: 20 }
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: 30
      classes:
        - { name: new, share: 0.5, compute: 20 GFLOPS, memory: 2 GB, download: 50 Mbps, upload: 10 Mbps, rtt: 20 ms }
        - { name: mid, share: 0.3, compute: 15 GFLOPS, memory: 2 GB, download: 30 Mbps, upload: 8 Mbps, rtt: 30 ms }
        - { name: old, share: 0.2, compute: 12 GFLOPS, memory: 2 GB, download: 20 Mbps, upload: 5 Mbps, rtt: 40 ms }
    server: { rounds: 2, cohort: 3 }
    """

  private static let shares = "{kind: device-classes, shares: [0.5, 0.25, 0.25]}"
  private static let selections = ["random", "available", "samples", "resources", shares]
  /// Loss-based policies are included only if training provides losses.
  private static let runs =
    selections.flatMap { [($0, "train"), ($0, "timing")] } + [
      ("oort", "train"), ("power-of-choice", "train"),
    ]

  private func tasks(_ overrides: String...) throws -> [[String: String]] {
    try TemporaryRun(ScenarioText.scenario(Self.text, overrides)).rows("tasks.csv")
  }

  @Test(arguments: runs)
  func `a version of twelve updates has many different clients`(
    selection: String, mode: String
  ) throws {
    let tasks = try tasks(
      "server.selection=\(selection)", "training.mode=\(mode)",
      "server.strategy={kind: fedbuff, buffer: 12, concurrency: 3}")
    let first = tasks.filter { $0["round"] == "1" }
    // Twelve whose updates arrive, and at most two more that are still busy.
    #expect((12...14).contains(first.count))
    #expect(Set(first.map { $0["client"]! }).count >= 8)
  }

  @Test(arguments: runs)
  func `twelve versions of one update each have many different clients`(
    selection: String, mode: String
  ) throws {
    let tasks = try tasks(
      "server.selection=\(selection)", "training.mode=\(mode)", "server.rounds=12",
      "server.strategy={kind: fedasync, concurrency: 3}", "evaluation.every=12")
    #expect((12...14).contains(tasks.count))
    #expect(Set(tasks.map { $0["client"]! }).count >= 8)
  }

  @Test(arguments: [
    "{kind: fedbuff, buffer: 12, concurrency: 3}", "{kind: fedasync, concurrency: 3}",
  ])
  func `classes have their shares of sequentially filled slots`(
    strategy: String
  ) throws {
    let rounds = strategy.contains("fedbuff") ? 5 : 60
    let tasks = try tasks(
      "server.selection=\(Self.shares)", "training.mode=timing",
      "server.strategy=\(strategy)", "server.rounds=\(rounds)", "evaluation.every=\(rounds)")
    // A half and two quarters of 60 to 62 tasks.
    for (name, share) in [("new", 0.5), ("mid", 0.25), ("old", 0.25)] {
      let count = tasks.count { $0["device_class"] == name }
      #expect(abs(Double(count) - share * Double(tasks.count)) <= 1, "\(name)")
    }
  }

  @Test func `an ineligible class does not end the run of the eligible ones`() throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        Self.text, "server.selection=\(Self.shares)", "training.mode=timing",
        "server.strategy={kind: fedbuff, buffer: 12, concurrency: 3}", "server.rounds=5",
        "fleet.classes.old.memory=1 kB"))
    #expect(run.rows("rounds.csv").last!["round"] == "5", "\(run.warnings)")
  }

  @Test func `repeated selections from one version differ`() throws {
    // With one task at a time and a buffer of ten, all are tasks of version 0.
    let tasks = try tasks(
      "training.mode=timing", "server.strategy={kind: fedbuff, buffer: 10, concurrency: 1}",
      "server.rounds=1")
    #expect(tasks.count == 10 && tasks.allSatisfy { $0["round"] == "1" })
    #expect(Set(tasks.map { $0["client"]! }).count >= 7)
  }

  @Test func `a client's tasks from one version drop out independently`() throws {
    // One device that drops out of about half of its tasks; with one draw per version, it would be all or none.
    let tasks = try tasks(
      "training.mode=timing", "fleet.devices=1", "fleet.classes[0].dropout=0.5",
      "fleet.classes[1].dropout=0.5", "fleet.classes[2].dropout=0.5",
      "server.strategy={kind: fedbuff, buffer: 20, concurrency: 1}", "server.rounds=1")
    #expect(tasks.allSatisfy { $0["round"] == "1" })
    let dropped = tasks.filter { $0["outcome"] != "completed" }
    #expect(tasks.count - dropped.count == 20)
    // Negative binomial with mean 20 and a deviation of 6.3.
    #expect(abs(Double(dropped.count) - 20) < 4 * 6.3 && dropped.count > 0)
    let moments = dropped.map { Double($0["end_s"]!)! - Double($0["start_s"]!)! }
    #expect(Set(moments.map { Int(1e6 * $0) }).count == dropped.count)
  }
}
