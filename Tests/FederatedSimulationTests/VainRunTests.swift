import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Runs with online devices that never succeed: they end and report the reason.
struct VainRunTests {
  private static let text = OfflineRunTests.text
    .replacing("rounds: 1000, cohort: 3", with: "rounds: 3, cohort: 2")
  private static let fedbuff = "server.strategy={kind: fedbuff, buffer: 2, concurrency: 2}"
  private static let sessions = "fleet.availability={kind: sessions, every: 1 min, length: 30 s}"

  private func run(_ overrides: [String]) throws -> TemporaryRun {
    try TemporaryRun(
      Experiment(ScenarioText.scenario(Self.text, overrides)), stop: CountingStop(after: 200_000))
  }

  @Test(
    arguments: [
      ["fleet.classes.phone.dropout=1"], ["fleet.classes.phone.dropout=1", sessions],
      [
        "fleet.interruption=fail",
        "fleet.availability={kind: sessions, every: 9 s, length: 100 ms}",
      ],
    ], ["server.selection=random", "server.selection=samples", "server.selection=resources"])
  func `an asynchronous run in which every task fails ends`(
    overrides: [String], selection: String
  ) throws {
    let run = try run(overrides + [selection, Self.fedbuff])
    #expect(run.warnings.count == 1)
    #expect(
      run.warnings[0].contains("version 0 of 3, since no task was completed for a long time"),
      "\(run.warnings)")
    let rows = run.rows("rounds.csv")
    #expect(rows.count == 2 && rows[1]["completed"] == "0")
    #expect(Int(rows[1]["selected"]!)! >= 10_000)
    CostSums(run, method: "flora").check()
  }

  @Test(
    arguments: ["server.strategy=fedavg", fedbuff],
    ["seed=6", sessions, "fleet.classes.phone.jitter=1 ms"])
  func `a limit that no device can meet ends the run after a week`(
    server: String, fleet: String
  ) throws {
    let run = try run(["server.selection={kind: resources, within: 1 s}", server, fleet])
    #expect(
      run.warnings.last?.contains(
        "version 0 of 3, since no device that was online met the selection's criteria: no device could be selected"
      ) == true, "\(run.warnings)")
    #expect(run.rows("tasks.csv").isEmpty && run.rows("rounds.csv").count == 1)
  }

  @Test(arguments: ["server.strategy=fedavg", fedbuff])
  func `a limit that some devices occasionally meet due to jitter is met`(server: String) throws {
    // A task takes 1.394976 s plus the mean of three waits.
    let run = try run([
      "server.selection={kind: resources, within: 1500 ms}", server,
      "fleet.classes.phone.jitter=600 ms", "fleet.devices=2", "server.retry_after=1 s",
    ])
    #expect(run.warnings.isEmpty, "\(run.warnings)")
    let rows = run.rows("rounds.csv")
    #expect(rows.map { $0["round"]! } == ["0", "1", "2", "3"])
    #expect(rows.dropFirst().allSatisfy { $0["completed"] != "0" })
  }

  @Test(arguments: ["power-of-choice", "oort"])
  func `loss-based policies select devices with insufficient memory only once`(
    selection: String
  ) throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        Self.text, "training={batch_size: 10, learning_rate: 1.0e-3}", "fleet.devices=12",
        "server.rounds=12", "server.selection=\(selection)",
        "fleet.classes.phone.memory={uniform: {low: 100 kB, high: 40 MB}}"))
    let tasks = run.rows("tasks.csv")
    let refused = tasks.filter { $0["outcome"] == "excluded_memory" }.map { $0["client"]! }
    #expect(refused.count > 2 && Set(refused).count == refused.count)
    #expect(tasks.count { $0["outcome"] == "completed" } == 24 - refused.count)
  }
}
