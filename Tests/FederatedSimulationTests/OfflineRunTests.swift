import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Runs on recorded sessions that begin late, end permanently, or never occur.
struct OfflineRunTests {
  static let text = """
    name: offline
    seed: 6
    data: { dataset: fashion-mnist, test_samples: 10, partition: { kind: few-shot, shots: 1 } }
    training: none
    methods:
      - { name: flora, kind: lora }
    fleet:
      devices: 6
      classes:
        - { name: phone, share: 1, compute: 1 GFLOPS, memory: 1 GB, download: 8 Mbps, upload: 1 Mbps, rtt: 10 ms }
    server: { rounds: 1000, cohort: 3 }
    """

  private static let servers = [
    ["server.selection=random"], ["server.selection=available"], ["server.selection=resources"],
    ["server.selection=samples"], ["server.selection=resources"],
    ["server.privacy={clip: 1, noise: 1}"],
    ["server.privacy={clip: 1, noise: 1, sampling: poisson}"],
    ["server.deadline=5 s"], ["server.deadline=5 s", "server.round_end=deadline"],
    ["server.strategy={kind: fedbuff, buffer: 2}"], ["server.strategy=fedasync"],
    ["server.strategy={kind: fedbuff, buffer: 2}", "server.selection=resources"],
  ]

  /// A run in which all devices have the given sessions, in seconds; stopped if it does not end.
  private func run(_ sessions: [(Double, Double)], _ overrides: [String]) throws -> TemporaryRun {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = sessions.map { "phone,\($0.0),\($0.1)\n" }.joined()
    try Data("device,start_s,end_s\n\(lines)".utf8).write(to: file)
    return try TemporaryRun(
      Experiment(
        ScenarioText.scenario(
          Self.text, overrides + ["fleet.availability={kind: trace, path: \(file.path)}"])),
      stop: CountingStop(after: 20_000))
  }

  private func hasEnded(_ run: TemporaryRun) -> Bool {
    run.warnings.count == 1
      && run.warnings[0].contains("of 1000, since no device can take part anymore")
  }

  /// Each task takes 1.394976 s: three devices give nine updates in five seconds, followed by failures.
  @Test(arguments: servers)
  func `a run ends when all devices are offline permanently`(overrides: [String]) throws {
    let run = try run([(0, 5)], overrides)
    #expect(hasEnded(run), "\(run.warnings)")
    let rounds = run.rows("rounds.csv")
    #expect(rounds.count < 12)
    #expect(run.rows("tasks.csv").contains { $0["outcome"] == "completed" })
    #expect(rounds.sum("completed") >= 2)
    #expect(Double(rounds.last!["virtual_time_s"]!)! <= 10)
    CostSums(run, method: "flora").check()
  }

  @Test(arguments: servers)
  func `a run waits for devices that come online late`(overrides: [String]) throws {
    let run = try run([(100, 103)], overrides)
    #expect(hasEnded(run), "\(run.warnings)")
    let completed = run.rows("tasks.csv").filter { $0["outcome"] == "completed" }
    #expect(completed.contains { $0["start_s"] == "100.000000000" })
    #expect(run.rows("rounds.csv").count < 60)
    CostSums(run, method: "flora").check()
  }

  @Test(arguments: servers)
  func `no two versions without an update occur at the same instant`(overrides: [String]) throws {
    let rounds = try run([(0, 5), (40, 41), (90, 90.5)], overrides).rows("rounds.csv")
    for (row, next) in zip(rounds, rounds.dropFirst()) where row["round"] != next["round"] {
      #expect(row["completed"] != "0" || row["virtual_time_s"] != next["virtual_time_s"])
    }
  }
}
