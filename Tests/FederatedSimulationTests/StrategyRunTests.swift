import Configuration
import Testing

@testable import FederatedSimulation

/// Rounds with over-selection and deadlines, and asynchronous servers, calculated by hand.
///
/// Two devices, timing only. As in `TimelineTests`, a task takes the fast one 1.394976 s and the slow one
/// 4.466961526 s, of which it downloads for 0.028845334 s and trains for 4.337493334 s.
struct StrategyRunTests {
  private static let text = TimelineTests.text
    .replacing("methods:", with: "training: none\nmethods:")

  private func run(_ overrides: String...) throws -> TemporaryRun {
    try TemporaryRun(ScenarioText.scenario(Self.text, overrides))
  }

  private func tasks(_ run: TemporaryRun) -> [String] {
    run.rows("tasks.csv").map { row in
      ["round", "device_class", "outcome", "start_s", "end_s"].map { row[$0]! }
        .joined(separator: " ")
    }
  }

  private func versions(_ run: TemporaryRun) -> [String] {
    run.rows("rounds.csv").map { $0["virtual_time_s"]! }
  }

  @Test func `with over-selection a round ends with enough updates, and the others are late`()
    throws
  {
    let run = try run("server.cohort=1", "server.over_selection=2", "server.rounds=4")
    #expect(
      tasks(run) == [
        "1 fast completed 0.000000000 1.394976000",
        "2 fast completed 1.394976000 2.789952000",
        "3 fast completed 2.789952000 4.184928000",
        "1 slow late 0.000000000 4.466961526",
        "4 fast completed 4.184928000 5.579904000",
      ])
    #expect(
      versions(run) == [
        "0.000000000", "1.394976000", "2.789952000", "4.184928000", "5.579904000",
      ])
    let last = run.rows("rounds.csv")[4]
    #expect(last["late"] == "1" && last["wasted_bytes"] == "16384")
  }

  @Test func `tasks in flight at the end of the run are aborted and charged so far`() throws {
    let run = try run("server.cohort=1", "server.over_selection=2", "server.rounds=2")
    let last = run.rows("tasks.csv").last!
    #expect(last["outcome"] == "late" && last["end_s"] == "2.789952000")
    #expect(last["bytes_down"] == "8192" && last["bytes_up"] == "0")
    // 0.3 GFLOP/s for 2.789952 - 0.028845334 s, rounded down.
    #expect(last["flops"] == "828331999")
    let rounds = run.rows("rounds.csv")
    #expect(
      rounds.count == 3 && rounds[2]["late"] == "1" && rounds[2]["wasted_flops"] == "828331999")
  }

  @Test func `a deadline ends a round, and late updates are discarded`() throws {
    let run = try run("server.deadline=2 s", "server.rounds=4")
    #expect(
      tasks(run) == [
        "1 fast completed 0.000000000 1.394976000",
        "2 fast completed 2.000000000 3.394976000",
        "1 slow late 0.000000000 4.466961526",
        "3 fast completed 3.394976000 4.789952000",
        "4 fast completed 4.789952000 6.184928000",
        "4 slow late 4.789952000 6.789952000",
      ])
    #expect(
      versions(run) == [
        "0.000000000", "2.000000000", "3.394976000", "4.789952000", "6.789952000",
      ])
    #expect(run.rows("rounds.csv").map { $0["completed"]! } == ["0", "1", "1", "1", "1"])
  }

  @Test func `kept late updates count in the round in which they arrive`() throws {
    let run = try run("server.deadline=2 s", "server.rounds=4", "server.late=kept")
    #expect(tasks(run)[2] == "1 slow completed 0.000000000 4.466961526")
    #expect(run.rows("rounds.csv").map { $0["completed"]! } == ["0", "1", "1", "2", "1"])
  }

  @Test func `rounds that only the deadline ends have equal durations`() throws {
    let run = try run(
      "server.deadline=2 s", "server.rounds=3", "server.late=kept", "server.round_end=deadline")
    #expect(versions(run) == ["0.000000000", "2.000000000", "4.000000000", "6.000000000"])
    #expect(
      tasks(run) == [
        "1 fast completed 0.000000000 1.394976000",
        "2 fast completed 2.000000000 3.394976000",
        "1 slow completed 0.000000000 4.466961526",
        "3 fast completed 4.000000000 5.394976000",
      ])
  }

  @Test func `a round whose devices are all busy waits for one of them`() throws {
    let run = try run("server.deadline=1 s", "server.rounds=2")
    // The first round ends without an update; the second has no device until the fast one is idle.
    #expect(
      tasks(run) == [
        "1 fast late 0.000000000 1.394976000",
        "1 slow late 0.000000000 2.394976000",
        "2 fast late 1.394976000 2.394976000",
      ])
    #expect(versions(run) == ["0.000000000", "1.000000000", "2.394976000"])
    #expect(
      run.warnings.count == 1 && run.warnings[0].contains("2 of 2 versions received no update"))
  }

  @Test func `FedAsync makes a version of each update and runs the maximum number of tasks`()
    throws
  {
    let run = try run(
      "server.strategy={kind: fedasync, concurrency: 2}", "server.rounds=4")
    #expect(
      tasks(run) == [
        "1 fast completed 0.000000000 1.394976000",
        "2 fast completed 1.394976000 2.789952000",
        "3 fast completed 2.789952000 4.184928000",
        "1 slow completed 0.000000000 4.466961526",
        "4 fast late 4.184928000 4.466961526",
      ])
    #expect(
      versions(run) == [
        "0.000000000", "1.394976000", "2.789952000", "4.184928000", "4.466961526",
      ])
  }

  @Test func `FedBuff makes a version of each full buffer`() throws {
    let run = try run(
      "server.strategy={kind: fedbuff, buffer: 2, concurrency: 2}", "server.rounds=3")
    #expect(versions(run) == ["0.000000000", "2.789952000", "4.466961526", "6.974880000"])
    #expect(
      tasks(run) == [
        "1 fast completed 0.000000000 1.394976000",
        "1 fast completed 1.394976000 2.789952000",
        "2 fast completed 2.789952000 4.184928000",
        "1 slow completed 0.000000000 4.466961526",
        "2 fast completed 4.184928000 5.579904000",
        "3 fast completed 5.579904000 6.974880000",
        "3 slow late 4.466961526 6.974880000",
      ])
  }

  @Test func `a too stale update is discarded`() throws {
    let run = try run(
      "server.strategy={kind: fedasync, concurrency: 2, most_stale: 2}", "server.rounds=5")
    #expect(tasks(run)[3] == "1 slow stale 0.000000000 4.466961526")
    #expect(versions(run).last == "6.974880000")
    #expect(
      run.rows("rounds.csv").map { $0["late"]! } == ["0", "0", "0", "0", "1", "1"],
      "the stale one and the one that is broken off")
  }

  /// Google's dp-accounting for 30 rounds of 10 in 50 devices, noise of 1.5 clips and delta 0.001; see
  /// `Tests/Fixtures/privacy`. Its Poisson value is a slightly larger upper bound.
  @Test(arguments: [
    ("poisson", 3.198649479665403, 1e-3), ("without-replacement", 17.14732699857084, 1e-6),
  ])
  func `a run's epsilon is that of its sampling rate`(
    sampling: String, epsilon: Double, tolerance: Double
  ) throws {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small, "training.mode=timing", "fleet.devices=50", "server.cohort=10",
        "server.rounds=30",
        "server.privacy={clip: 0.3, noise: 1.5, delta: 1e-3, sampling: \(sampling)}"))
    let spent = Double(run.rows("rounds.csv").last!["epsilon"]!)!
    #expect(abs(spent / epsilon - 1) < tolerance)
  }

  @Test(arguments: ["fedasync", "{kind: fedbuff, buffer: 1}"])
  func `an asynchronous run without eligible devices ends, and says so`(
    strategy: String
  ) throws {
    let run = try run(
      "server.strategy=\(strategy)", "fleet.classes[0].memory=1 kB", "fleet.classes[1].memory=1 kB")
    // Version 0, and a row for what happened until the end.
    let rounds = run.rows("rounds.csv")
    #expect(rounds.map { $0["round"]! } == ["0", "0"])
    #expect(rounds.map { $0["selected"]! } == ["0", "2"])
    #expect(rounds.map { $0["excluded_memory"]! } == ["0", "2"])
    #expect(rounds.allSatisfy { $0["virtual_time_s"] == "0.000000000" })
    #expect(run.warnings.count == 1)
    #expect(
      run.warnings[0].contains(
        "the run ended at version 0 of 2, since no device can take part anymore"))
    #expect(run.warnings[0].contains("of 2 tasks 2 had insufficient memory"))
  }

  @Test(arguments: [
    ("server.strategy={kind: fedasync}", "server.deadline=1 s", "server.deadline"),
    ("server.strategy={kind: fedbuff}", "server.rounds=1", "server.strategy"),
    ("server.round_end=deadline", "server.rounds=1", "server.round_end"),
    ("server.privacy={clip: 1, noise: 1}", "server.strategy=fedasync", "server.strategy"),
    ("server.privacy={clip: 1, noise: 1}", "server.selection=oort", "server.selection"),
    ("server.secure_aggregation={bits: 16}", "server.compression=int8", "server.compression"),
    ("server.selection=nobody", "server.rounds=1", "server.selection"),
  ])
  func `contradictory keys are rejected by name`(
    first: String, second: String, key: String
  ) {
    let error = #expect(throws: ConfigurationError.self) {
      try ScenarioText.scenario(Self.text, [first, second])
    }
    #expect("\(String(describing: error))".contains(key))
  }
}
